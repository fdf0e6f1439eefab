package io.perennial.auth.token;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

@Entity
@NullUnmarked
@Table(name = "grant_record")
class Grant {
    enum Status {
        /** Stored right after the exchange; guard and probe decide. */
        CANDIDATE,
        CURRENT,
        /** A later consent took its place; its key is destroyed. */
        SUPERSEDED,
        /** The consent was refused; kept for a day, used for nothing. */
        QUARANTINED,
        DESTROYED
    }

    @Id
    UUID id;

    @Column(name = "tenant_id")
    String tenantId;

    @Column(name = "connection_id")
    UUID connectionId;

    int generation;

    @Enumerated(EnumType.STRING)
    Status status;

    @Column(name = "account_id")
    String accountId;

    @Column(name = "granted_at")
    Instant grantedAt;

    @Column(name = "tenant_key_id")
    UUID tenantKeyId;

    @Column(name = "data_key")
    byte[] dataKey;

    @Column(name = "sealed_refresh_token")
    byte[] sealedRefreshToken;

    @Column(name = "sealed_access_token")
    byte[] sealedAccessToken;

    @Column(name = "access_expires_at")
    Instant accessExpiresAt;

    @Column(name = "keep_until")
    Instant keepUntil;

    /** Without its data key nothing of it can be opened again, here or in a younger backup. */
    void destroy(Status as) {
        status = as;
        tenantKeyId = null;
        dataKey = null;
        sealedRefreshToken = null;
        sealedAccessToken = null;
        accessExpiresAt = null;
        keepUntil = null;
    }
}
