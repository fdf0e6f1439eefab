package io.perennial.outbox;

import io.vertx.mutiny.pgclient.PgConnection;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tells the relays of other replicas that something was committed, any number of calls as one notification.
 *
 * <p>Sent after the commit and on its own: a notification inside the business transaction would take PostgreSQL's
 * database-wide lock at its commit. A hint may get lost; then the poll finds the row.
 */
final class ReplicaHints {
    private static final String CHANNEL = "perennial_outbox";

    private enum Sending {
        IDLE,
        UNDER_WAY,
        WANTED_AGAIN
    }

    private final Pool pool;
    private final String relay;
    private final Wakeups wakeups;
    private final AtomicReference<Sending> sending = new AtomicReference<>(Sending.IDLE);
    private volatile boolean heard;
    private volatile @Nullable SqlConnection listening;

    ReplicaHints(Pool pool, String relay, Wakeups wakeups) {
        this.pool = pool;
        this.relay = relay;
        this.wakeups = wakeups;
    }

    /** Whether anybody else is there to hear a hint. */
    void heard(boolean byOthers) {
        heard = byOthers;
    }

    /** Never blocks. */
    void send() {
        if (heard
                && sending.getAndUpdate(now -> now == Sending.IDLE ? Sending.UNDER_WAY : Sending.WANTED_AGAIN)
                        == Sending.IDLE) {
            publish();
        }
    }

    private void publish() {
        pool.preparedQuery("select pg_notify($1, $2)")
                .execute(Tuple.of(CHANNEL, relay))
                .subscribe()
                .with(ignored -> sent(), lost -> sent());
    }

    private void sent() {
        if (sending.getAndUpdate(now -> now == Sending.WANTED_AGAIN ? Sending.UNDER_WAY : Sending.IDLE)
                == Sending.WANTED_AGAIN) {
            publish();
        }
    }

    /** Hears the others' hints from now on; keeps one connection for it. */
    void listen() throws InterruptedException {
        if (listening != null) {
            return;
        }
        SqlConnection opened = Database.await(pool.getConnection());
        AtomicBoolean gone = new AtomicBoolean();
        boolean begun = false;
        try {
            opened.closeHandler(() -> {
                gone.set(true);
                listening = null;
            });
            PgConnection.cast(opened).notificationHandler(hint -> {
                if (!relay.equals(hint.getPayload())) {
                    wakeups.wakeHere();
                }
            });
            Database.await(opened.query("listen " + CHANNEL).execute());
            listening = opened;
            if (gone.get()) {
                listening = null; // it went between the answer and the line before
            }
            begun = true;
        } finally {
            if (!begun) {
                Database.await(opened.close());
            }
        }
    }

    /** Gives the connection back. */
    void silence() throws InterruptedException {
        SqlConnection open = listening;
        if (open != null) {
            listening = null;
            try {
                Database.await(open.query("unlisten " + CHANNEL).execute());
            } finally {
                Database.await(open.close());
            }
        }
    }
}
