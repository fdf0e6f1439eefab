package io.perennial.auth.connection.lifecycle;

import io.perennial.contracts.ConnectionStatus;

/**
 * Where a connection stands after a verdict.
 *
 * @param counted false if the verdict spoke of a grant that is no longer the current one
 */
public record Standing(ConnectionStatus state, int generation, boolean counted) {}
