package io.perennial.contracts;

import java.time.Instant;
import java.util.UUID;

/**
 * What every event of the platform is about. These fields stand flat in its data.
 *
 * @param appId the application at the provider; also the key of the record and the CloudEvents subject
 * @param appName its name among the integrator's applications
 * @param occurredAt when it happened, on the domain clock
 */
public record AppRef(UUID appId, String appName, Provider provider, Instant occurredAt) {}
