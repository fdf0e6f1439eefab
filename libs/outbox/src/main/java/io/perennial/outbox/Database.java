package io.perennial.outbox;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The database for the relay's own threads, which may block. */
final class Database {
    private static final long PATIENCE_SECONDS = 30;

    private final Pool pool;

    Database(Pool pool) {
        this.pool = pool;
    }

    RowSet<Row> query(String sql, Tuple parameters) throws InterruptedException {
        return await(ask(sql, parameters));
    }

    Uni<RowSet<Row>> ask(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters);
    }

    static <T> T await(Uni<T> work) throws InterruptedException {
        // A time-out of the future, not of the Uni: it must not cancel, because a cancelled statement may keep its
        // connection (Quarkus issue 51576).
        return await(work.subscribeAsCompletionStage());
    }

    static <T> T await(CompletableFuture<T> result) throws InterruptedException {
        try {
            return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new RelayFault("The database refused: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new RelayFault("The database did not answer", e);
        }
    }
}
