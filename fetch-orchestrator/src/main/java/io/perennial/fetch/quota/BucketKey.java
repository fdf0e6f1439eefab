package io.perennial.fetch.quota;

/** What Amazon counts together: a usage plan belongs to a pair of application and seller, per operation and region. */
public record BucketKey(String appId, String accountId, String region, Operation operation) {}
