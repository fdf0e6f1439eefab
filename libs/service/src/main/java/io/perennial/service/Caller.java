package io.perennial.service;

import io.perennial.problem.FieldError;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonString;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling: a person or a service, with the tenants it may see.
 *
 * <p>Roles are checked by annotation at the method. Tenants are checked here and in every query: bind
 * {@link #tenants()} so that {@code ($1::text[] is null or tenant_id = any($1))} holds. A token without the claim
 * {@code tenants} sees nothing.
 */
@RequestScoped
public class Caller {
    private static final String ALL = "*";

    private final SecurityIdentity identity;

    @Inject
    public Caller(SecurityIdentity identity) {
        this.identity = identity;
    }

    /** Name of the caller, for the audit. */
    public String id() {
        return identity.getPrincipal().getName();
    }

    /** The tenants the caller may see, always in the same order; null means all of them. */
    public String @Nullable [] tenants() {
        Set<String> claimed = claimedTenants();
        return claimed.contains(ALL) ? null : claimed.stream().sorted().toArray(String[]::new);
    }

    /** Whether the caller may see this tenant. */
    public boolean sees(String tenantId) {
        Set<String> claimed = claimedTenants();
        return claimed.contains(ALL) || claimed.contains(tenantId);
    }

    /**
     * Refuses a request that names a tenant the caller may not act for. For ids in paths answer 404 instead.
     *
     * @param field where the request names it
     */
    public void requireTenant(String field, String tenantId) {
        if (!sees(tenantId)) {
            throw new ProblemException(
                    StandardProblem.FORBIDDEN,
                    "You may not act for this tenant.",
                    List.of(new FieldError(field, "must be a tenant you may act for")));
        }
    }

    /** Refuses who is limited to some tenants what concerns them all: settings of the house, applications, their secrets. */
    public void requireAllTenants() {
        if (tenants() != null) {
            throw new ProblemException(
                    StandardProblem.FORBIDDEN, "This concerns every tenant; you may act for some of them only.");
        }
    }

    private Set<String> claimedTenants() {
        Object claim = identity.getPrincipal() instanceof JsonWebToken token ? token.getClaim("tenants") : null;
        if (!(claim instanceof Collection<?> values)) {
            return Set.of();
        }
        return values.stream().map(Caller::text).collect(Collectors.toUnmodifiableSet());
    }

    private static String text(Object value) {
        return value instanceof JsonString json ? json.getString() : String.valueOf(value);
    }
}
