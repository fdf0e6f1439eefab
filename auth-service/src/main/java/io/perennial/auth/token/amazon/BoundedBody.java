package io.perennial.auth.token.amazon;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;

/** Reads an answer up to a size and fails beyond it, so that a huge answer takes no memory. */
final class BoundedBody implements BodyCodec<Buffer> {
    private final int maximum;

    BoundedBody(int maximum) {
        this.maximum = maximum;
    }

    @Override
    public void create(Handler<AsyncResult<BodyStream<Buffer>>> handler) {
        handler.handle(Future.succeededFuture(new Stream(maximum)));
    }

    private static final class Stream implements BodyStream<Buffer> {
        private final int maximum;
        private final Buffer content = Buffer.buffer();
        private final Promise<Buffer> result = Promise.promise();

        Stream(int maximum) {
            this.maximum = maximum;
        }

        @Override
        public Future<Buffer> result() {
            return result.future();
        }

        @Override
        public void handle(Throwable failure) {
            result.tryFail(failure);
        }

        @Override
        public Future<Void> write(Buffer data) {
            if (content.length() + data.length() > maximum) {
                Throwable tooLarge = new AnswerTooLarge();
                result.tryFail(tooLarge);
                return Future.failedFuture(tooLarge);
            }
            content.appendBuffer(data);
            return Future.succeededFuture();
        }

        @Override
        public void write(Buffer data, Handler<AsyncResult<Void>> handler) {
            handler.handle(write(data));
        }

        @Override
        public void end(Handler<AsyncResult<Void>> handler) {
            result.tryComplete(content);
            handler.handle(Future.succeededFuture());
        }

        @Override
        public Stream exceptionHandler(Handler<Throwable> handler) {
            return this;
        }

        @Override
        public Stream setWriteQueueMaxSize(int size) {
            return this;
        }

        @Override
        public boolean writeQueueFull() {
            return false;
        }

        @Override
        public Stream drainHandler(Handler<Void> handler) {
            return this;
        }
    }

    private static final class AnswerTooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AnswerTooLarge() {
            super("The provider's answer is too large", null, false, false);
        }
    }
}
