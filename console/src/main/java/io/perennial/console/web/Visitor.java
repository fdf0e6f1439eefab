package io.perennial.console.web;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import jakarta.json.JsonString;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** The person who is signed in. Roles and tenants stand in the access token, the same that the services check. */
@RequestScoped
public class Visitor {
    private static final String ALL = "*";

    private final SecurityIdentity identity;
    private final JsonWebToken accessToken;

    Visitor(SecurityIdentity identity, JsonWebToken accessToken) {
        this.identity = identity;
        this.accessToken = accessToken;
    }

    /** The name in the corner of the page. */
    public String name() {
        return identity.getPrincipal().getName();
    }

    /** Whether the buttons that change something are shown; the services decide whether they work. */
    public boolean mayAct() {
        return identity.hasRole("operator") || identity.hasRole("admin");
    }

    /** The tenants that the person may see; null means all. Without the claim there are none. */
    public String @Nullable [] tenants() {
        Set<String> claimed = claimed();
        return claimed.contains(ALL) ? null : claimed.toArray(String[]::new);
    }

    /** What the services are called with. */
    public String bearer() {
        return identity.getCredential(AccessTokenCredential.class).getToken();
    }

    private Set<String> claimed() {
        Object claim = accessToken.getClaim("tenants");
        if (!(claim instanceof Collection<?> values)) {
            return Set.of();
        }
        return values.stream()
                .map(value -> value instanceof JsonString json ? json.getString() : String.valueOf(value))
                .collect(Collectors.toUnmodifiableSet());
    }
}
