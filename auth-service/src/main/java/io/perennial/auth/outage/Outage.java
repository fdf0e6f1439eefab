package io.perennial.auth.outage;

import io.perennial.contracts.OutageReason;
import io.perennial.contracts.Region;
import java.time.Instant;
import java.util.UUID;

/** An open breaker. */
public record Outage(UUID appId, String appName, Region region, OutageReason reason, Instant since) {}
