package io.perennial.sandbox.consent;

import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.application.Applications;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an advertising application asks for. Public for the page templates. */
public record AdsConsentRequest(
        @Nullable String clientId,
        @Nullable String scope,
        @Nullable String responseType,
        @Nullable String redirectUri,
        @Nullable String state,
        @Nullable String codeChallenge,
        @Nullable String codeChallengeMethod) {

    private static final Set<String> SCOPES = Set.of(
            "advertising::campaign_management",
            "advertising::audiences",
            "advertising::test:create_account",
            "cpc_advertising:campaign_management");

    sealed interface Verdict {}

    record Sound(Application application, String redirectUri) implements Verdict {}

    record Broken(String code, String text) implements Verdict {}

    Verdict judge(Applications applications) {
        Optional<Application> found = Optional.ofNullable(clientId)
                .flatMap(applications::withClientId)
                .filter(application -> application.kind() == Application.Kind.ADS);
        if (found.isEmpty()) {
            return new Broken("400", "An unknown client was specified.");
        }
        if (redirectUri == null || !found.get().redirectUris().contains(redirectUri)) {
            return new Broken("400", "The redirect URI you provided has not been whitelisted for your application.");
        }
        if (scope == null || !SCOPES.containsAll(Arrays.asList(scope.split(" ")))) {
            return new Broken("400", "An unknown scope was requested.");
        }
        if (!"code".equals(responseType)) {
            return new Broken("400", "The response type is not supported.");
        }
        if (codeChallenge != null && !"S256".equals(codeChallengeMethod)) {
            return new Broken("400", "The code challenge method is not supported.");
        }
        return new Sound(found.get(), redirectUri);
    }

    /** Its parameters as they were sent. Public for the page templates. */
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        put(parameters, "client_id", clientId);
        put(parameters, "scope", scope);
        put(parameters, "response_type", responseType);
        put(parameters, "redirect_uri", redirectUri);
        put(parameters, "state", state);
        put(parameters, "code_challenge", codeChallenge);
        put(parameters, "code_challenge_method", codeChallengeMethod);
        return parameters;
    }

    private static void put(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }
}
