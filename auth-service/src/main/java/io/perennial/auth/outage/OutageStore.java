package io.perennial.auth.outage;

import io.perennial.auth.outage.Outages.Key;
import io.perennial.auth.outage.Outages.Standing;
import io.perennial.auth.outage.Outages.Trial;
import io.perennial.contracts.OutageReason;
import io.perennial.contracts.Region;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The rows of the breakers. */
@ApplicationScoped
class OutageStore {
    private final Pool pool;

    OutageStore(Pool pool) {
        this.pool = pool;
    }

    Uni<Standing> addFault(UUID app, Region region) {
        return pool.preparedQuery(
                        """
                        insert into provider_health as h (app_id, region, faults) values ($1, $2, 1)
                        on conflict (app_id, region) do update set faults = h.faults + 1
                        returning faults, reason
                        """)
                .execute(Tuple.of(app, region.name()))
                .map(rows -> standing(rows.iterator().next()));
    }

    Uni<Void> forgiveFaults(UUID app, Region region) {
        return pool.preparedQuery(
                        """
                        update provider_health set faults = 0
                         where app_id = $1 and region = $2 and faults > 0 and reason is null
                        """)
                .execute(Tuple.of(app, region.name()))
                .replaceWithVoid();
    }

    /** Every row that is not perfectly well. */
    Uni<Map<Key, Standing>> unwell() {
        return pool.query(
                        "select app_id, region, faults, reason from provider_health where faults > 0 or reason is not null")
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(
                                row -> new Key(row.getUUID("app_id"), Region.valueOf(row.getString("region"))),
                                OutageStore::standing)));
    }

    Uni<List<Outage>> open() {
        return pool.query(
                        """
                        select h.app_id, a.name, h.region, h.reason, h.opened_at
                          from provider_health h join app a on a.id = h.app_id
                         where h.reason is not null
                         order by h.opened_at, a.name, h.region
                        """)
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Outage(
                                row.getUUID("app_id"),
                                row.getString("name"),
                                Region.valueOf(row.getString("region")),
                                OutageReason.valueOf(row.getString("reason")),
                                row.getOffsetDateTime("opened_at").toInstant()))
                        .toList());
    }

    /** Locks the application's row, which orders opening, closing and their events. */
    Uni<Void> lock(SqlConnection transaction, UUID app) {
        return transaction
                .preparedQuery("select from app where id = $1 for no key update")
                .execute(Tuple.of(app))
                .replaceWithVoid();
    }

    /** False if it is open. */
    Uni<Boolean> open(SqlConnection transaction, Trial outage, Duration pause) {
        return transaction
                .preparedQuery(
                        """
                        insert into provider_health as h (app_id, region, reason, opened_at, trial_at)
                        values ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5))
                        on conflict (app_id, region) do update
                           set reason = excluded.reason, opened_at = excluded.opened_at, trial_at = excluded.trial_at
                         where h.reason is null
                        """)
                .execute(Tuple.of(
                        outage.app(),
                        outage.region().name(),
                        outage.reason().name(),
                        utc(outage.since()),
                        seconds(pause)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** The outage that ended; null if it was not open. */
    Uni<@Nullable Trial> close(SqlConnection transaction, UUID app, Region region, Instant now) {
        return transaction
                .preparedQuery(
                        """
                        update provider_health h
                           set reason = null, opened_at = null, trial_at = null, faults = 0, cleared_at = $3
                          from provider_health former
                         where h.app_id = $1 and h.region = $2 and h.reason is not null
                           and former.app_id = h.app_id and former.region = h.region
                        returning h.app_id, h.region, former.reason, former.opened_at
                        """)
                .execute(Tuple.of(app, region.name(), utc(now)))
                .map(rows -> rows.size() == 0 ? null : trial(rows.iterator().next()));
    }

    Uni<List<Trial>> claimTrials(Duration pause) {
        return pool.preparedQuery(
                        """
                        update provider_health set trial_at = clock_timestamp() + make_interval(secs => $1)
                         where reason is not null and trial_at <= clock_timestamp()
                        returning app_id, region, reason, opened_at
                        """)
                .execute(Tuple.of(seconds(pause)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(OutageStore::trial)
                        .toList());
    }

    Uni<Health> health(Mutiny.Session session, UUID app, Region region) {
        return session.createNativeQuery(
                        """
                        select reason is not null, coalesce(cleared_at, timestamptz 'epoch')
                          from provider_health where app_id = :app and region = :region
                        """,
                        Object[].class)
                .setParameter("app", app)
                .setParameter("region", region.name())
                .getSingleResultOrNull()
                .map(row -> row == null ? Health.WELL : new Health((Boolean) row[0], instant(row[1])));
    }

    private static Instant instant(Object value) {
        return value instanceof Instant instant ? instant : ((OffsetDateTime) value).toInstant();
    }

    private static Standing standing(Row row) {
        String reason = row.getString("reason");
        return new Standing(row.getInteger("faults"), reason == null ? null : OutageReason.valueOf(reason));
    }

    private static Trial trial(Row row) {
        return new Trial(
                row.getUUID("app_id"),
                Region.valueOf(row.getString("region")),
                OutageReason.valueOf(row.getString("reason")),
                row.getOffsetDateTime("opened_at").toInstant());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
