package io.perennial.service;

import io.perennial.problem.ProblemBody;
import io.perennial.problem.StandardProblem;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Refuses a body that is too large before anybody reads it, and says so.
 *
 * <p>In place of {@code quarkus.http.limits.max-body-size}, which knows no exception for a body that is read as a stream,
 * answers without a word, and answers HTTP/2 with a header that HTTP/2 forbids (RFC 9113, 8.2.2).
 */
@Singleton
class LargestBody {
    private static final int AFTER_AMBIGUOUS_PATHS = 9_000;
    private static final int MOST_DISCARDED = 8 << 20;
    private static final Duration LONGEST_DISCARDING = Duration.ofSeconds(5);

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
        HttpServerRequest asked = request.request();
        boolean multiplexed = asked.version() == HttpVersion.HTTP_2;
        HttpServerResponse response = request.response()
                .setStatusCode(StandardProblem.TOO_LARGE.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemBody.MEDIA_TYPE);
        String answer = ProblemBody.json(StandardProblem.TOO_LARGE, "A body here has at most " + largest + " bytes.");
        if (multiplexed) {
            // other requests of the connection go on, so what still arrives of this one has to go somewhere
            asked.handler(unwanted -> {}).resume();
            response.end(answer);
        } else {
            Future<Void> over = discarded(asked, request.vertx());
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                    .end(answer)
                    .compose(sent -> over)
                    .onComplete(any -> asked.connection().close());
        }
    }

    /**
     * Reads on for a while, and completes when nothing more comes or was enough: a connection that is closed at once is reset
     * under whoever still sends, and he never hears why (RFC 9112, 9.6).
     */
    private static Future<Void> discarded(HttpServerRequest asked, Vertx vertx) {
        Promise<Void> over = Promise.promise();
        AtomicLong left = new AtomicLong(MOST_DISCARDED);
        asked.handler(unwanted -> {
                    if (left.addAndGet(-unwanted.length()) < 0) {
                        over.tryComplete();
                    }
                })
                .endHandler(all -> over.tryComplete())
                .exceptionHandler(gone -> over.tryComplete())
                .resume();
        long timer = vertx.setTimer(LONGEST_DISCARDING.toMillis(), late -> over.tryComplete());
        return over.future().onComplete(any -> vertx.cancelTimer(timer));
    }
}
