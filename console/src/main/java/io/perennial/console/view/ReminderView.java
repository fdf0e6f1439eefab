package io.perennial.console.view;

import io.perennial.contracts.ReminderKind;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A mail to a contact of the merchant, with its result. */
public record ReminderView(
        ReminderKind kind, @Nullable Integer stage, String result, @Nullable String code, Instant at) {

    static ReminderView of(Row row) {
        return new ReminderView(
                ReminderKind.valueOf(row.getString("kind")),
                row.getInteger("stage"),
                row.getString("result"),
                row.getString("code"),
                ConnectionView.at(row, "occurred_at"));
    }
}
