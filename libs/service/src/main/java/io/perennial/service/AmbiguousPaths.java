package io.perennial.service;

import io.perennial.problem.ProblemBody;
import io.perennial.problem.StandardProblem;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/**
 * Refuses paths that two layers may read differently: path parameters, encoded separators, doubled slashes, dot segments.
 *
 * <p>Security by annotation does not depend on paths; this is the second fence (CVE-2026-39852, CVE-2026-50559).
 */
@Singleton
class AmbiguousPaths {
    private static final int BEFORE_EVERYTHING = 10_000;
    private static final Pattern AMBIGUOUS =
            Pattern.compile(";|\\\\|//|%2f|%5c|%3b|%00|%2e|/\\.{1,2}(/|$)", Pattern.CASE_INSENSITIVE);

    void register(@Observes Filters filters) {
        filters.register(AmbiguousPaths::refuse, BEFORE_EVERYTHING);
    }

    static boolean isAmbiguous(String rawPath) {
        return AMBIGUOUS.matcher(rawPath).find();
    }

    private static void refuse(RoutingContext request) {
        String uri = request.request().uri();
        int query = uri.indexOf('?');
        if (isAmbiguous(query < 0 ? uri : uri.substring(0, query))) {
            request.response()
                    .setStatusCode(StandardProblem.INVALID_REQUEST.status())
                    .putHeader("content-type", ProblemBody.MEDIA_TYPE)
                    .end(ProblemBody.json(StandardProblem.INVALID_REQUEST, "The path is ambiguous."));
        } else {
            request.next();
        }
    }
}
