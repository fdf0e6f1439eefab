package io.perennial.service;

import io.perennial.problem.ProblemBody;
import io.perennial.problem.StandardProblem;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Refuses a body that is too large before anybody reads it, and says so.
 *
 * <p>In place of {@code quarkus.http.limits.max-body-size}, which knows no exception for a body that is read as a stream,
 * answers without a word, and answers HTTP/2 with a header that HTTP/2 forbids (RFC 9113, 8.2.2).
 */
@Singleton
class LargestBody {
    private static final int AFTER_AMBIGUOUS_PATHS = 9_000;

    private final long largest;
    private final Set<String> streamed;

    LargestBody(BodyConfig config) {
        this.largest = config.largestBody().asLongValue();
        this.streamed = config.streamedBodies().orElse(Set.of());
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, AFTER_AMBIGUOUS_PATHS);
    }

    private void check(RoutingContext request) {
        if (streamed.contains(request.request().path())) {
            request.next();
            return;
        }
        String length = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            // what comes without a length is counted while it is read
            request.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, largest);
            request.next();
        } else if (length(length) <= largest) {
            request.next();
        } else {
            refuse(request);
        }
    }

    /** A length that is no number was refused with the request's head; one beyond all numbers is too large as well. */
    private static long length(String header) {
        try {
            return Long.parseLong(header);
        } catch (NumberFormatException beyond) {
            return Long.MAX_VALUE;
        }
    }

    private void refuse(RoutingContext request) {
        HttpServerResponse response = request.response();
        boolean multiplexed = request.request().version() == HttpVersion.HTTP_2;
        response.setStatusCode(StandardProblem.TOO_LARGE.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemBody.MEDIA_TYPE);
        if (!multiplexed) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        // other requests of the connection go on, so what still arrives of this one has to go somewhere
        request.request().handler(unwanted -> {}).resume();
        response.end(ProblemBody.json(StandardProblem.TOO_LARGE, "A body here has at most " + largest + " bytes."))
                .onComplete(sent -> {
                    if (!multiplexed) {
                        request.request().connection().close();
                    }
                });
    }
}
