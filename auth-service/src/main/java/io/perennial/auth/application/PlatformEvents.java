package io.perennial.auth.application;

import io.perennial.contracts.AppRef;
import io.perennial.contracts.PlatformEvent;
import io.perennial.contracts.Provider;
import io.perennial.outbox.Outbox;
import io.perennial.service.TraceContext;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

/** Writes events about applications into the outbox, numbered under the lock of the application's row. */
@ApplicationScoped
public class PlatformEvents {
    private final Outbox outbox;

    PlatformEvents(Outbox outbox) {
        this.outbox = outbox;
    }

    /** Publishes in the transaction; its row lock orders the events of one application. */
    public Uni<Void> publish(
            SqlConnection transaction, UUID app, Instant now, Function<AppRef, ? extends PlatformEvent> event) {
        return transaction
                .preparedQuery(
                        """
                        update app set event_sequence = event_sequence + 1 where id = $1
                        returning name, provider, event_sequence
                        """)
                .execute(Tuple.of(app))
                .map(rows -> rows.iterator().next())
                .chain(row -> outbox.append(
                        transaction,
                        outbox.envelope(
                                event.apply(about(app, row, now)),
                                row.getLong("event_sequence"),
                                TraceContext.current())));
    }

    private static AppRef about(UUID app, Row row, Instant now) {
        return new AppRef(app, row.getString("name"), Provider.valueOf(row.getString("provider")), now);
    }
}
