package io.perennial.console.view;

import io.perennial.contracts.FetchReason;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A fetch job and how far it has come. */
public record FetchView(
        UUID id,
        FetchReason reason,
        String state,
        @Nullable Instant from,
        @Nullable Instant to,
        int pages,
        int ordersNew,
        int ordersUpdated,
        int ordersUnchanged,
        @Nullable String code,
        Instant requestedAt,
        Instant changedAt) {

    /** Whether it has not ended. */
    public boolean underWay() {
        return state.equals("WAITING") || state.equals("RUNNING");
    }

    /** Orders read so far. */
    public int orders() {
        return ordersNew + ordersUpdated + ordersUnchanged;
    }

    static FetchView of(Row row, String stateColumn) {
        return new FetchView(
                row.getUUID("fetch_id"),
                FetchReason.valueOf(row.getString("reason")),
                row.getString(stateColumn),
                ConnectionView.instant(row, "from_at"),
                ConnectionView.instant(row, "to_at"),
                row.getInteger("pages"),
                row.getInteger("orders_new"),
                row.getInteger("orders_updated"),
                row.getInteger("orders_unchanged"),
                row.getString("code"),
                ConnectionView.at(row, "requested_at"),
                ConnectionView.at(row, "changed_at"));
    }
}
