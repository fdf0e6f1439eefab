package io.perennial.auth.application;

import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

@Entity
@NullUnmarked
class App {
    @Id
    UUID id;

    String name;

    @Enumerated(EnumType.STRING)
    Provider provider;

    @Column(name = "client_id")
    String clientId;

    @Column(name = "application_id")
    String applicationId;

    boolean draft;

    @Column(name = "is_private")
    boolean isPrivate;

    @Column(name = "is_default")
    boolean isDefault;

    @Column(name = "redirect_uri")
    String redirectUri;

    @Column(name = "authorization_endpoint")
    String authorizationEndpoint;

    @Column(name = "token_endpoint")
    String tokenEndpoint;

    @Column(name = "scope")
    String scope;

    @Column(name = "authorization_na")
    String authorizationNa;

    @Column(name = "authorization_eu")
    String authorizationEu;

    @Column(name = "authorization_fe")
    String authorizationFe;

    @Column(name = "token_na")
    String tokenNa;

    @Column(name = "token_eu")
    String tokenEu;

    @Column(name = "token_fe")
    String tokenFe;

    @Column(name = "api_na")
    String apiNa;

    @Column(name = "api_eu")
    String apiEu;

    @Column(name = "api_fe")
    String apiFe;

    /** One text each: the marketplace's id, a blank, the address. */
    @Column(name = "consent_sites")
    String[] consentSites = {};

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

    void setAuthorizations(Map<Region, String> addresses) {
        authorizationNa = addresses.getOrDefault(Region.NA, authorizationNa);
        authorizationEu = addresses.getOrDefault(Region.EU, authorizationEu);
        authorizationFe = addresses.getOrDefault(Region.FE, authorizationFe);
    }

    void setTokens(Map<Region, String> addresses) {
        tokenNa = addresses.getOrDefault(Region.NA, tokenNa);
        tokenEu = addresses.getOrDefault(Region.EU, tokenEu);
        tokenFe = addresses.getOrDefault(Region.FE, tokenFe);
    }

    void setApi(Map<Region, String> addresses) {
        apiNa = addresses.getOrDefault(Region.NA, apiNa);
        apiEu = addresses.getOrDefault(Region.EU, apiEu);
        apiFe = addresses.getOrDefault(Region.FE, apiFe);
    }

    void setConsentSites(Map<String, String> sites) {
        consentSites = sites.entrySet().stream()
                .map(site -> site.getKey() + " " + site.getValue())
                .sorted()
                .toArray(String[]::new);
    }
}
