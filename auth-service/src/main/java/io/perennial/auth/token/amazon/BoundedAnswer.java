package io.perennial.auth.token.amazon;

import io.perennial.auth.token.amazon.ProviderHttp.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, read up to a size. Whatever breaks a bound is cut off: a huge answer takes no memory, and an
 * endless one does not keep its connection.
 */
final class BoundedAnswer {
    private final int maximum;
    private final Buffer content = Buffer.buffer();
    private final Promise<Answer> result = Promise.promise();

    private @Nullable HttpClientRequest request;
    private boolean abandoned;

    BoundedAnswer(int maximum) {
        this.maximum = maximum;
    }

    /** Sends the request, unless it was given up while it waited for a connection: then nothing may be spent any more. */
    synchronized Future<Answer> send(HttpClientRequest begun, Buffer body) {
        if (abandoned) {
            begun.reset();
            return Future.failedFuture("The request was given up before it was sent");
        }
        request = begun;
        begun.send(body).onSuccess(this::read).onFailure(result::tryFail);
        return result.future();
    }

    /** Gives the request up. */
    synchronized void abandon() {
        abandoned = true;
        if (request != null) {
            request.reset();
        }
    }

    private void read(HttpClientResponse response) {
        response.exceptionHandler(result::tryFail);
        response.endHandler(end -> result.tryComplete(answer(response)));
        response.handler(data -> {
            if (content.length() + data.length() > maximum) {
                result.tryFail("The provider's answer is too large");
                abandon();
            } else {
                content.appendBuffer(data);
            }
        });
    }

    private Answer answer(HttpClientResponse response) {
        @Nullable String mediaType = response.getHeader("content-type");
        return new Answer(response.statusCode(), mediaType == null ? "" : mediaType, content);
    }
}
