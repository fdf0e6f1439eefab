package io.perennial.service;

import io.quarkus.oidc.client.OidcClient;
import io.quarkus.oidc.client.Tokens;
import io.quarkus.oidc.client.runtime.TokensHelper;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** This service's own bearer token for calls to other services (client credentials, kept until shortly before its end). */
@Singleton
public class ServiceTokens {
    private final OidcClient client;
    private final TokensHelper tokens = new TokensHelper();

    public ServiceTokens(OidcClient client) {
        this.client = client;
    }

    /** A token that is still valid; fails when the issuer does not answer. */
    public Uni<String> bearer() {
        return tokens.getTokens(client).map(Tokens::getAccessToken);
    }
}
