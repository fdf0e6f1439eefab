package io.perennial.auth.audit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit trail.
 *
 * @param actor who: the subject of a bearer token, {@code merchant}, {@code provider} or the name of a loop
 * @param reason an enum's name or a sentence without any value that came from outside
 */
public record AuditLine(
        AuditKind kind,
        @Nullable String tenantId,
        @Nullable UUID connectionId,
        @Nullable Integer generation,
        String actor,
        @Nullable String fromState,
        @Nullable String toState,
        @Nullable String reason,
        Instant occurredAt) {

    /** A line about a connection that changes no state. */
    public static AuditLine about(
            AuditKind kind, String tenantId, UUID connectionId, int generation, String actor, Instant at) {
        return new AuditLine(kind, tenantId, connectionId, generation, actor, null, null, null, at);
    }

    /** A line about the platform or a tenant. */
    public static AuditLine general(
            AuditKind kind, @Nullable String tenantId, String actor, @Nullable String reason, Instant at) {
        return new AuditLine(kind, tenantId, null, null, actor, null, null, reason, at);
    }

    /** The same line with a reason. */
    public AuditLine because(@Nullable String why) {
        return new AuditLine(kind, tenantId, connectionId, generation, actor, fromState, toState, why, occurredAt);
    }

    /** The same line with the states before and after. */
    public AuditLine moving(@Nullable String from, String to) {
        return new AuditLine(kind, tenantId, connectionId, generation, actor, from, to, reason, occurredAt);
    }
}
