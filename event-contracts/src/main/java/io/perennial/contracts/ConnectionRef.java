package io.perennial.contracts;

import java.time.Instant;
import java.util.UUID;

/**
 * What every event is about. These fields stand flat in every event's data.
 *
 * @param tenantId the customer of the integrator that the connection belongs to
 * @param connectionId the connection; also the key of the record and the CloudEvents subject
 * @param externalId the integrator's own id of the connection, unique per tenant
 * @param generation number of the grant that the event speaks of; 0 before the first consent. An event is void once a
 *     higher generation was seen
 * @param occurredAt when it happened, on the domain clock
 */
public record ConnectionRef(
        String tenantId,
        UUID connectionId,
        String externalId,
        Provider provider,
        Region region,
        int generation,
        Instant occurredAt) {}
