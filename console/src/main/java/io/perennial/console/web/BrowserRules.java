package io.perennial.console.web;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/** Requests that change something must come from our own pages; pages are never kept by a browser or proxy. */
class BrowserRules {
    private static final Set<String> HARMLESS = Set.of("GET", "HEAD", "OPTIONS");

    /** The first fence against forged requests, before the token: browsers say where a request comes from. */
    @ServerRequestFilter(preMatching = true)
    public @Nullable Response refuseForeign(ContainerRequestContext request) {
        String site = request.getHeaderString("Sec-Fetch-Site");
        boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
        return foreign && !HARMLESS.contains(request.getMethod())
                ? Response.status(Response.Status.FORBIDDEN)
                        .entity("This request came from another site.")
                        .type("text/plain")
                        .build()
                : null;
    }

    @ServerResponseFilter
    public void keepNothing(ContainerResponseContext response) {
        response.getHeaders().putSingle("Cache-Control", "no-store");
        response.getHeaders().add("Vary", "HX-Request");
    }
}
