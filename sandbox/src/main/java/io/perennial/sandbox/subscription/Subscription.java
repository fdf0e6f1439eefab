package io.perennial.sandbox.subscription;

import java.util.UUID;

/** What an application is told of an account, and where. */
public record Subscription(UUID subscriptionId, UUID destinationId) {}
