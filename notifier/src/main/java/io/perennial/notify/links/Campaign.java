package io.perennial.notify.links;

import io.perennial.contracts.RenewalReason;
import org.jspecify.annotations.Nullable;

/**
 * The campaign that a mail belongs to.
 *
 * @param reason null for one that this version does not know
 * @param connections how many connections the link covers
 */
public record Campaign(int number, @Nullable RenewalReason reason, int connections) {}
