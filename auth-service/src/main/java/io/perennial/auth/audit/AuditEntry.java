package io.perennial.auth.audit;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

@Entity
@NullUnmarked
@Immutable
@Table(name = "audit_entry")
class AuditEntry {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    @Column(name = "tenant_id")
    String tenantId;

    @Column(name = "connection_id")
    UUID connectionId;

    Integer generation;

    @Enumerated(EnumType.STRING)
    AuditKind kind;

    String actor;

    String origin;

    @Column(name = "from_state")
    String fromState;

    @Column(name = "to_state")
    String toState;

    String reason;

    @Column(name = "occurred_at")
    Instant occurredAt;

    AuditEntry() {}

    AuditEntry(AuditLine line, @Nullable String origin) {
        this.origin = origin;
        this.tenantId = line.tenantId();
        this.connectionId = line.connectionId();
        this.generation = line.generation();
        this.kind = line.kind();
        this.actor = line.actor();
        this.fromState = line.fromState();
        this.toState = line.toState();
        this.reason = line.reason();
        this.occurredAt = line.occurredAt();
    }
}
