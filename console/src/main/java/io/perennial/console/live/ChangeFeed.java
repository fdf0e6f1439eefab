package io.perennial.console.live;

import io.perennial.console.live.Changes.Change;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/** What changes in the view, for as many listeners as there are open pages, by one query at a time. */
@Singleton
class ChangeFeed {
    private static final Logger LOG = Logger.getLogger(ChangeFeed.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(300);
    private static final int TOLD_ONE_BY_ONE = 300;
    private static final String NOW = "select pg_snapshot_xmin(pg_current_snapshot())::text as horizon";

    /** The horizon and the rows come from one snapshot: what is not seen now will be seen with the next horizon. */
    private static final String SINCE =
            """
            select h.horizon, c.connection_id, c.tenant_id, c.changed_by
            from (select pg_snapshot_xmin(pg_current_snapshot())::text as horizon) h
            left join lateral (
                select connection_id, tenant_id, changed_by::text as changed_by
                from connection_change where changed_by >= $1::text::xid8 order by changed_by desc limit $2) c on true
            """;

    private final Pool pool;
    private final Multi<Changes> shared;

    ChangeFeed(Pool pool) {
        this.pool = pool;
        this.shared = Multi.createFrom()
                .deferred(this::watch)
                .broadcast()
                .withCancellationAfterLastSubscriberDeparture()
                .toAllSubscribers();
    }

    /** Changes from now on. A listener that does not keep up is let go; it comes back and reads everything anew. */
    Multi<Changes> changes() {
        return shared.onOverflow().buffer(64);
    }

    private Multi<Changes> watch() {
        Watch watch = new Watch();
        return Multi.createFrom()
                .ticks()
                .every(LOOK_EVERY)
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(tick -> watch.look())
                .filter(changes -> !changes.isEmpty());
    }

    /** Looks one after the other; remembers what was told, because a long transaction holds the horizon back. */
    private final class Watch {
        private String horizon = "";
        private Map<UUID, String> told = Map.of();

        Uni<Changes> look() {
            Uni<Changes> looked = horizon.isEmpty()
                    ? pool.query(NOW).execute().map(this::begin)
                    : pool.preparedQuery(SINCE)
                            .execute(Tuple.of(horizon, TOLD_ONE_BY_ONE + 1))
                            .map(this::read);
            return looked.onFailure().invoke(this::report).onFailure().recoverWithItem(Changes.NONE);
        }

        private Changes begin(RowSet<Row> rows) {
            horizon = rows.iterator().next().getString("horizon");
            // What changed between the making of a page and this moment is told to nobody else.
            return new Changes(List.of(), true);
        }

        private Changes read(RowSet<Row> rows) {
            List<Change> fresh = new ArrayList<>();
            Map<UUID, String> current = new HashMap<>();
            for (Row row : rows) {
                horizon = row.getString("horizon");
                UUID id = row.getUUID("connection_id");
                if (id != null) {
                    String changedBy = row.getString("changed_by");
                    current.put(id, changedBy);
                    if (!changedBy.equals(told.get(id))) {
                        fresh.add(new Change(id, row.getString("tenant_id")));
                    }
                }
            }
            told = current;
            return fresh.size() > TOLD_ONE_BY_ONE ? new Changes(List.of(), true) : new Changes(fresh, false);
        }

        private void report(Throwable failure) {
            LOG.warnf("Changes can not be read for open pages: %s", failure);
        }
    }
}
