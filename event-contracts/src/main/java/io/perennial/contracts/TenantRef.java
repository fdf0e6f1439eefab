package io.perennial.contracts;

import java.time.Instant;

/**
 * What every event of a tenant is about. These fields stand flat in its data.
 *
 * @param tenantId the customer of the integrator; also the key of the record and the CloudEvents subject
 * @param occurredAt when it happened, on the domain clock
 */
public record TenantRef(String tenantId, Instant occurredAt) {}
