package io.perennial.auth.application;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** A client secret, sealed. */
@Entity
@NullUnmarked
@Table(name = "app_secret")
class AppSecret {
    @Id
    UUID id;

    @Column(name = "app_id")
    UUID appId;

    int version;

    @Column(name = "tenant_key_id")
    UUID tenantKeyId;

    @Column(name = "data_key")
    byte[] dataKey;

    byte[] sealed;

    @Column(name = "added_at")
    Instant addedAt;

    @Column(name = "added_by")
    String addedBy;

    @Column(name = "expires_at")
    Instant expiresAt;

    @Column(name = "announced_stage")
    Integer announcedStage;

    @Column(name = "idempotency_key")
    String idempotencyKey;

    @Column(name = "request_hash")
    String requestHash;
}
