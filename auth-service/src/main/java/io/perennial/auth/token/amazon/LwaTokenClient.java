package io.perennial.auth.token.amazon;

import io.perennial.auth.application.Apps;
import io.perennial.auth.token.amazon.ProviderHttp.Answer;
import io.perennial.auth.token.amazon.TokenAnswer.ConsentGone;
import io.perennial.auth.token.amazon.TokenAnswer.Fault;
import io.perennial.auth.token.amazon.TokenAnswer.Granted;
import io.perennial.auth.token.amazon.TokenAnswer.PlatformFault;
import io.perennial.auth.vault.VaultException;
import io.perennial.contracts.Region;
import io.perennial.secret.AccessToken;
import io.perennial.secret.AuthorizationCode;
import io.perennial.secret.ClientSecret;
import io.perennial.secret.RefreshToken;
import io.perennial.secret.SecretAccess;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The client of Login with Amazon's token endpoint, and the only one.
 *
 * <p>An authorization code is sent once and never again: it is spent whatever the answer. A refresh may be repeated.
 */
@ApplicationScoped
public class LwaTokenClient {
    private static final Logger LOG = Logger.getLogger(LwaTokenClient.class);

    /** Amazon documents one hour; a missing or odd value is taken for a short life. */
    private static final Duration SHORTEST = Duration.ofMinutes(5);

    private static final Duration LONGEST = Duration.ofHours(24);

    private static final TokenAnswer NOT_KNOWN = new PlatformFault(Fault.CLIENT_REFUSED);

    private final ProviderHttp http;
    private final Apps apps;

    LwaTokenClient(ProviderHttp http, Apps apps) {
        this.http = http;
        this.apps = apps;
    }

    /** Exchanges an authorization code, at the region's own endpoint if the provider has several. */
    public Uni<TokenAnswer> exchange(UUID app, Region region, AuthorizationCode code, @Nullable CodeVerifier verifier) {
        return credentials(app, credentials -> {
            MultiMap form = MultiMap.caseInsensitiveMultiMap()
                    .add("grant_type", "authorization_code")
                    .add("code", code.reveal(SecretAccess.forTheWire()))
                    .add("redirect_uri", credentials.app().redirectUri());
            if (verifier != null) {
                form.add("code_verifier", verifier.text());
            }
            return ask(credentials, region, form, null);
        });
    }

    /** Asks for a new access token; the answer is also the verdict on the grant. */
    public Uni<TokenAnswer> refresh(UUID app, Region region, RefreshToken token) {
        return credentials(
                app,
                credentials -> ask(
                        credentials,
                        region,
                        MultiMap.caseInsensitiveMultiMap()
                                .add("grant_type", "refresh_token")
                                .add("refresh_token", token.reveal(SecretAccess.forTheWire())),
                        token));
    }

    /** Without the secret of the application nothing is asked. */
    private Uni<TokenAnswer> credentials(UUID app, Function<Apps.Credentials, Uni<TokenAnswer>> asking) {
        return apps.credentials(app)
                .chain(asking::apply)
                .onFailure(VaultException.class)
                .recoverWithItem(failure -> {
                    LOG.errorf("The secret of application %s can not be opened: %s", app, failure.toString());
                    return new PlatformFault(Fault.VAULT_CLOSED);
                });
    }

    private Uni<TokenAnswer> ask(
            Apps.Credentials credentials, Region region, MultiMap form, @Nullable RefreshToken former) {
        if (credentials.app().suspended()) {
            return Uni.createFrom().item(new PlatformFault(Fault.APP_SUSPENDED));
        }
        form.add("client_id", credentials.app().clientId());
        return ask(credentials.app().token(region), form, credentials.secrets(), former);
    }

    /**
     * Tries the newest secret, and the one before it only where the newest is refused: a provider that does not know who
     * asks has not looked at the code or token yet, so nothing is asked twice.
     */
    Uni<TokenAnswer> ask(String endpoint, MultiMap form, List<ClientSecret> secrets, @Nullable RefreshToken former) {
        form.set("client_secret", secrets.get(0).reveal(SecretAccess.forTheWire()));
        Uni<TokenAnswer> first = http.post(endpoint, form)
                .map(answer -> read(answer, former))
                .onFailure()
                .recoverWithItem(new PlatformFault(Fault.NO_ANSWER));
        return secrets.size() == 1
                ? first
                : first.chain(answer -> answer.equals(NOT_KNOWN)
                        ? ask(endpoint, form, secrets.subList(1, secrets.size()), former)
                        : Uni.createFrom().item(answer));
    }

    static TokenAnswer read(Answer answer, @Nullable RefreshToken former) {
        if (answer.status() == 429) {
            return new PlatformFault(Fault.THROTTLED);
        }
        if (answer.status() >= 500 || !answer.json()) {
            return new PlatformFault(Fault.PROVIDER_BROKEN);
        }
        JsonObject body;
        try {
            body = new JsonObject(answer.body());
        } catch (DecodeException e) {
            return new PlatformFault(Fault.PROVIDER_BROKEN);
        }
        if (answer.status() == 200) {
            return tokens(body, former);
        }
        // Errors of the protocol come with 400 or 401; what else says "invalid_grant" is not the token endpoint.
        return answer.status() == 400 || answer.status() == 401
                ? error(body)
                : new PlatformFault(Fault.PROVIDER_BROKEN);
    }

    private static TokenAnswer error(JsonObject body) {
        return switch (text(body, "error")) {
            case "invalid_grant" -> new ConsentGone();
            case "invalid_client" -> NOT_KNOWN;
            case "server_error", "temporarily_unavailable" -> new PlatformFault(Fault.PROVIDER_BROKEN);
            default -> new PlatformFault(Fault.REQUEST_REFUSED);
        };
    }

    private static TokenAnswer tokens(JsonObject body, @Nullable RefreshToken former) {
        String access = text(body, "access_token");
        String refresh = text(body, "refresh_token");
        if (access.isBlank() || (refresh.isBlank() && former == null)) {
            // Seen in the wild: an answer without a refresh token. The old grant must survive it.
            return new PlatformFault(Fault.PROVIDER_BROKEN);
        }
        RefreshToken token = refresh.isBlank() && former != null ? former : new RefreshToken(refresh);
        return new Granted(new IssuedTokens(new AccessToken(access), token, life(body)));
    }

    private static Duration life(JsonObject body) {
        if (body.getValue("expires_in") instanceof Number seconds) {
            Duration life = Duration.ofSeconds(seconds.longValue());
            return life.isNegative() ? Duration.ZERO : life.compareTo(LONGEST) > 0 ? LONGEST : life;
        }
        return SHORTEST;
    }

    private static String text(JsonObject body, String field) {
        return body.getValue(field) instanceof String value ? value : "";
    }
}
