package io.perennial.sandbox.issuer;

import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.TokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import no.nav.security.mock.oauth2.token.OAuth2TokenCallback;

/** What stands in a token: the request's own wish where it states one (this is a sandbox), else the client's known roles. */
final class PerennialTokens implements OAuth2TokenCallback {

    static final String ISSUER_ID = "perennial";

    private static final Map<String, List<String>> ROLES_OF_SERVICES = Map.of(
            "auth-service", List.of(),
            "token-monitor", List.of(),
            "fetch-orchestrator", List.of("token-reader"),
            "notifier", List.of("link-issuer"),
            "console", List.of());

    private final Duration lifetime;

    PerennialTokens(Duration lifetime) {
        this.lifetime = lifetime;
    }

    @Override
    public String issuerId() {
        return ISSUER_ID;
    }

    @Override
    public String subject(TokenRequest request) {
        return clientId(request);
    }

    @Override
    public String typeHeader(TokenRequest request) {
        return "JWT";
    }

    @Override
    public List<String> audience(TokenRequest request) {
        return List.of("perennial");
    }

    @Override
    public Map<String, Object> addClaims(TokenRequest request) {
        if (!GrantType.CLIENT_CREDENTIALS.equals(request.getAuthorizationGrant().getType())) {
            return Map.of("azp", clientId(request));
        }
        String client = clientId(request);
        List<String> known = ROLES_OF_SERVICES.get(client);
        Map<String, Object> claims = new HashMap<>();
        claims.put("azp", client);
        claims.put("roles", asked(request, "perennial_roles", known == null ? List.of() : known));
        claims.put("tenants", asked(request, "perennial_tenants", known == null ? List.of() : List.of("*")));
        askedInstant(request, "perennial_not_before").ifPresent(instant -> claims.put("nbf", instant));
        askedInstant(request, "perennial_expires").ifPresent(instant -> claims.put("exp", instant));
        return claims;
    }

    @Override
    public long tokenExpiry() {
        return lifetime.toSeconds();
    }

    private static List<String> asked(TokenRequest request, String parameter, List<String> otherwise) {
        List<String> values = request.getCustomParameter(parameter);
        if (values == null || values.isEmpty()) {
            return otherwise;
        }
        return List.of(values.get(0).trim().split("\\s+"));
    }

    private static Optional<Date> askedInstant(TokenRequest request, String parameter) {
        return asked(request, parameter, List.of()).stream()
                .findFirst()
                .map(seconds -> Date.from(Instant.ofEpochSecond(Long.parseLong(seconds))));
    }

    private static String clientId(TokenRequest request) {
        if (request.getClientAuthentication() != null) {
            return request.getClientAuthentication().getClientID().getValue();
        }
        return request.getClientID() == null
                ? "anonymous"
                : request.getClientID().getValue();
    }
}
