package io.perennial.auth.connection;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.auth.application.Marketplace;
import io.perennial.auth.connection.request.Contact;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A connection as others see it.
 *
 * @param consentReview what an operator decides about by {@code POST /api/consent-reviews/{id}}; null if nothing waits
 * @param reference what merchants and support agents call it: stands on every page and mail
 * @param setup what an operator should still do: {@code NO_CONTACT}, {@code CONSENT_MISSING}, {@code CHOOSE_PROFILE},
 *     {@code REVIEW_CONSENT}, {@code END_ESTIMATED}, {@code ACCOUNT_UNVERIFIED}
 * @param accountVerified whether the provider named the account; false where an operator did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConnectionView(
        UUID id,
        String tenantId,
        String externalId,
        String reference,
        Provider provider,
        Region region,
        UUID app,
        String label,
        List<Contact> contacts,
        List<String> marketplaces,
        @Nullable String expectedAccountId,
        ConnectionStatus state,
        boolean usable,
        boolean needsConsent,
        int generation,
        @Nullable String accountId,
        @Nullable String accountName,
        List<String> accountMarketplaces,
        boolean accountVerified,
        @Nullable Instant authorizedAt,
        @Nullable Instant renewedAt,
        @Nullable Instant endsAt,
        @Nullable EndsAtSource endsAtSource,
        @Nullable Instant lastProbeAt,
        @Nullable String lastProbeResult,
        @Nullable UUID consentReview,
        @JsonIgnore boolean trustNextConsent,
        List<String> setup,
        Instant createdAt,
        Instant updatedAt) {

    /** The account a consent must come from: the one of the last consent, or the one that was announced. */
    @JsonIgnore
    public @Nullable String requiredAccountId() {
        return accountId != null ? accountId : expectedAccountId;
    }

    /** The language of the first contact; null if there is none. */
    @JsonIgnore
    public @Nullable String contactLocale() {
        return contacts.stream()
                .min(Comparator.comparingInt(Contact::order))
                .map(Contact::locale)
                .orElse(null);
    }

    /** Whose central site asks for consent: the first marketplace's, or the region's usual one. */
    @JsonIgnore
    public Marketplace consentMarketplace() {
        return marketplaces.stream()
                .flatMap(id -> Marketplace.ofId(id).stream())
                .findFirst()
                .orElseGet(() -> Marketplace.defaultOf(region));
    }
}
