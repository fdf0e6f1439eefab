package io.perennial.notify.operator;

import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;

/**
 * Why operators shall look at a connection.
 *
 * @param kind what its merchant is told, or {@link #UNHEARD}
 * @param since when it happened
 */
public record Concern(UUID connectionId, int generation, String kind, int stage, Instant since) {
    static final String UNHEARD = "UNHEARD";

    /** What its merchant is told. */
    public static Concern of(Row row) {
        return new Concern(
                row.getUUID("connection_id"),
                row.getInteger("generation"),
                row.getString("kind"),
                row.getInteger("stage"),
                row.getOffsetDateTime("due_at").toInstant());
    }

    /** Nobody of it can be written to. */
    public static Concern unheard(UUID connectionId, int generation, Instant since) {
        return new Concern(connectionId, generation, UNHEARD, 0, since);
    }
}
