package io.perennial.fetch.orders;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import org.jspecify.annotations.Nullable;

/** Reads a body up to a limit and not a byte more, so that no answer can fill the heap. */
public final class BoundedBody implements BodyCodec<Buffer> {
    private final int limit;

    public BoundedBody(int limit) {
        this.limit = limit;
    }

    /** The body is larger than allowed. */
    public static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLarge(int limit) {
            super("The answer has more than " + limit + " bytes", null, false, false);
        }
    }

    @Override
    public void create(Handler<AsyncResult<BodyStream<Buffer>>> handler) {
        handler.handle(Future.succeededFuture(new Collected(limit)));
    }

    private static final class Collected implements BodyStream<Buffer> {
        private final Promise<Buffer> result = Promise.promise();
        private final Buffer collected = Buffer.buffer();
        private final int limit;

        Collected(int limit) {
            this.limit = limit;
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
            if (collected.length() + data.length() > limit) {
                TooLarge failure = new TooLarge(limit);
                result.tryFail(failure);
                return Future.failedFuture(failure);
            }
            collected.appendBuffer(data);
            return Future.succeededFuture();
        }

        @Override
        public void write(Buffer data, Handler<AsyncResult<Void>> handler) {
            handler.handle(write(data));
        }

        @Override
        public void end(@Nullable Handler<AsyncResult<Void>> handler) {
            result.tryComplete(collected);
            if (handler != null) {
                handler.handle(Future.succeededFuture());
            }
        }

        @Override
        public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
            return this;
        }

        @Override
        public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
            return this;
        }

        @Override
        public boolean writeQueueFull() {
            return false;
        }

        @Override
        public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
            return this;
        }
    }
}
