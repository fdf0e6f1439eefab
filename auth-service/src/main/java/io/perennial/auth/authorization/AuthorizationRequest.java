package io.perennial.auth.authorization;

import io.perennial.contracts.Region;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** One attempt: bound to a browser, a connection and its generation, a region and an application. */
@Entity
@NullUnmarked
@Table(name = "authorization_request")
class AuthorizationRequest {
    @Id
    UUID id;

    @Column(name = "state_hash")
    byte[] stateHash;

    @Column(name = "browser_hash")
    byte[] browserHash;

    @Column(name = "link_id")
    UUID linkId;

    @Column(name = "tenant_id")
    String tenantId;

    @Column(name = "connection_id")
    UUID connectionId;

    int generation;

    @Enumerated(EnumType.STRING)
    Region region;

    @Column(name = "app_id")
    UUID appId;

    @Enumerated(EnumType.STRING)
    AuthorizationWay way;

    String locale;

    @Enumerated(EnumType.STRING)
    AuthorizationStatus status;

    @Column(name = "started_at")
    Instant startedAt;

    @Column(name = "expires_at")
    Instant expiresAt;

    @Column(name = "grant_id")
    UUID grantId;

    @Column(name = "account_id")
    String accountId;

    @Column(name = "account_name")
    String accountName;

    @Column(name = "account_marketplaces")
    String[] accountMarketplaces = {};

    /** Why it failed, where the merchant can do something about it. */
    String reason;

    int attempts;

    @Column(name = "next_attempt_at")
    Instant nextAttemptAt;

    /** Keeps what was found out about the account, for whoever is asked. */
    void note(Ruling.Account account) {
        accountId = account.id();
        accountName = account.name();
        accountMarketplaces = account.marketplaces().toArray(String[]::new);
    }
}
