package io.perennial.auth.connection;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ConnectionState;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.ConnectionUpdated;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

@Entity
@NullUnmarked
class Connection {
    @Id
    UUID id;

    @Column(name = "tenant_id")
    String tenantId;

    @Column(name = "external_id")
    String externalId;

    String reference;

    @Enumerated(EnumType.STRING)
    Provider provider;

    @Enumerated(EnumType.STRING)
    Region region;

    @Column(name = "app_id")
    UUID appId;

    String label;

    /** JSON array of {@link Contact}. */
    String contacts;

    String[] marketplaces = {};

    @Column(name = "expected_account_id")
    String expectedAccountId;

    @Enumerated(EnumType.STRING)
    ConnectionStatus state;

    int generation;

    long sequence;

    @Column(name = "account_id")
    String accountId;

    @Column(name = "account_name")
    String accountName;

    /** False where an operator said whose grant it is: a pasted token tells nobody's id. */
    @Column(name = "account_verified")
    boolean accountVerified = true;

    @Column(name = "account_marketplaces")
    String[] accountMarketplaces = {};

    @Column(name = "chosen_profiles")
    int chosenProfiles;

    @Column(name = "authorized_at")
    Instant authorizedAt;

    @Column(name = "renewed_at")
    Instant renewedAt;

    @Column(name = "ends_at")
    Instant endsAt;

    @Enumerated(EnumType.STRING)
    @Column(name = "ends_at_source")
    EndsAtSource endsAtSource;

    @Column(name = "suspect_since")
    Instant suspectSince;

    @Column(name = "last_refused_at")
    Instant lastRefusedAt;

    @Column(name = "last_probe_at")
    Instant lastProbeAt;

    @Column(name = "last_probe_result")
    String lastProbeResult;

    @Column(name = "next_probe_at")
    Instant nextProbeAt;

    @Column(name = "consent_review")
    UUID consentReview;

    @Column(name = "trust_next_consent")
    boolean trustNextConsent;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "updated_at")
    Instant updatedAt;

    @Column(name = "created_by")
    String createdBy;

    @Column(name = "idempotency_key")
    String idempotencyKey;

    @Column(name = "request_hash")
    String requestHash;

    /** Who this is and which grant is spoken of. */
    ConnectionRef ref(Instant at) {
        return new ConnectionRef(tenantId, id, externalId, provider, region, generation, at);
    }

    /** The state as it is published. */
    ConnectionState published(Instant at) {
        return new ConnectionState(
                ref(at),
                state,
                state.usable(),
                label,
                List.of(marketplaces),
                accountId,
                accountName,
                authorizedAt,
                renewedAt,
                endsAt,
                endsAtSource);
    }

    /**
     * A change of what is known about it.
     *
     * @param profiles the chosen ones, where the choice changed; else null
     */
    ConnectionUpdated changed(Instant at, @Nullable List<String> profiles) {
        return new ConnectionUpdated(ref(at), label, List.of(marketplaces), endsAt, endsAtSource, profiles);
    }

    boolean endReached(Instant now) {
        return endsAt != null && !now.isBefore(endsAt);
    }
}
