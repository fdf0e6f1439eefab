package io.perennial.contracts;

import java.time.Instant;

/** One order of an account: whoever can read it has access to that account. */
public record SampleOrder(String orderId, Instant createdAt) {}
