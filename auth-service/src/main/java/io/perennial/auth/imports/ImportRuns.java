package io.perennial.auth.imports;

import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.service.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rows of imports. Each request that sends lines has an epoch of its own; once another request goes on with the
 * import, the former can write nothing more.
 */
@ApplicationScoped
class ImportRuns {
    private static final String COLUMNS =
            """
            id, name, dry_run, state, lines, imported, unchanged, received, failed, ends_unknown, fingerprint, epoch,
            started_at, updated_at, completed_at, request_hash, lease_until > clock_timestamp() as alive
            """;

    private final Pool pool;
    private final ImportConfig config;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    ImportRuns(Pool pool, ImportConfig config, DomainClock clock, TimeOrderedIds ids) {
        this.pool = pool;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /** Who calls, and for which tenants he may act; null for all. */
    record Actor(String id, String @Nullable [] tenants) {}

    /** Who imports, and how. */
    record Order(@Nullable String name, boolean dryRun, Actor actor, @Nullable IdempotencyKey key) {}

    /** The right to write lines of an import, from where it stands. */
    record Hold(UUID id, long epoch, long lines, byte[] fingerprint, boolean completed) {}

    /** What the lines of a batch came to. */
    record Tally(long imported, long unchanged, long received, long failed, long endsUnknown) {
        static final Tally NOTHING = new Tally(0, 0, 0, 0, 0);
    }

    /** Begins an import, or takes over the one with this key. */
    Uni<Hold> open(Order order) {
        return takeOver(order).chain(known -> known != null ? Uni.createFrom().item(known) : begin(order));
    }

    private Uni<@Nullable Hold> takeOver(Order order) {
        IdempotencyKey key = order.key();
        if (key == null) {
            return Uni.createFrom().nullItem();
        }
        return pool.preparedQuery(
                        """
                        select id, request_hash from import_run
                         where created_by = $1 and idempotency_key = $2 and tenants is not distinct from $3
                        """)
                .execute(Tuple.tuple()
                        .addValue(order.actor().id())
                        .addValue(key.key())
                        .addValue(order.actor().tenants()))
                .chain(rows -> {
                    if (rows.size() == 0) {
                        return Uni.createFrom().nullItem();
                    }
                    Row row = rows.iterator().next();
                    // Before anything is taken: another request must not stop the one that is sending.
                    key.requireSameRequest(row.getString("request_hash"));
                    return takeOver(row.getUUID("id"));
                });
    }

    private Uni<Hold> takeOver(UUID id) {
        return pool.preparedQuery(
                        """
                        update import_run
                           set epoch = epoch + 1, lease_until = clock_timestamp() + make_interval(secs => $2)
                         where id = $1
                        returning
                        """
                                + COLUMNS)
                .execute(Tuple.of(id, lease()))
                .map(rows -> hold(rows.iterator().next()));
    }

    private Uni<Hold> begin(Order order) {
        IdempotencyKey key = order.key();
        Tuple values = Tuple.tuple()
                .addValue(ids.next())
                .addValue(order.name())
                .addValue(order.dryRun())
                .addValue(now())
                .addValue(order.actor().id())
                .addValue(key == null ? null : key.key())
                .addValue(key == null ? null : key.requestHash())
                .addValue(lease())
                .addValue(order.actor().tenants());
        return pool.preparedQuery(
                        """
                        insert into import_run (id, name, dry_run, state, lease_until, started_at, updated_at, created_by,
                                                idempotency_key, request_hash, tenants)
                        values ($1, $2, $3, 'RUNNING', clock_timestamp() + make_interval(secs => $8), $4, $4, $5, $6, $7, $9)
                        returning
                        """
                                + COLUMNS)
                .execute(values)
                .map(rows -> hold(rows.iterator().next()));
    }

    /** What is done of an import. */
    record Done(long lines, long received) {}

    /** What is done; locks the import. Null: another request goes on with it. */
    Uni<@Nullable Done> lock(SqlConnection transaction, Hold hold) {
        return transaction
                .preparedQuery("select lines, received from import_run where id = $1 and epoch = $2 for update")
                .execute(Tuple.of(hold.id(), hold.epoch()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return null;
                    }
                    Row row = rows.iterator().next();
                    return new Done(row.getLong("lines"), row.getLong("received"));
                });
    }

    /** Counts a batch; the import is locked. */
    Uni<Void> advance(SqlConnection transaction, Hold hold, Tally tally, ImportBatch batch) {
        Tuple values = Tuple.tuple()
                .addValue(hold.id())
                .addValue(tally.imported())
                .addValue(tally.unchanged())
                .addValue(tally.failed())
                .addValue(tally.endsUnknown())
                .addValue(Buffer.buffer(batch.fingerprint()))
                .addValue(now())
                .addValue(lease())
                .addValue(batch.last())
                .addValue(tally.received());
        return transaction
                .preparedQuery(
                        """
                        update import_run
                           set lines = $9, imported = imported + $2, unchanged = unchanged + $3,
                               received = received + $10, failed = failed + $4, ends_unknown = ends_unknown + $5,
                               fingerprint = $6, updated_at = $7, lease_until = clock_timestamp() + make_interval(secs => $8)
                         where id = $1
                        """)
                .execute(values)
                .replaceWithVoid();
    }

    /** Keeps what is wrong with lines, as long as there is room for it. */
    Uni<Void> note(SqlConnection transaction, Hold hold, List<ImportFault> faults) {
        if (faults.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple values = Tuple.tuple()
                .addValue(hold.id())
                .addValue(faults.stream().map(ImportFault::line).toArray(Long[]::new))
                .addValue(texts(faults, ImportFault::tenantId))
                .addValue(texts(faults, ImportFault::externalId))
                .addValue(texts(faults, ImportFault::field))
                .addValue(texts(faults, ImportFault::message))
                .addValue(config.mostFaults());
        return transaction
                .preparedQuery(
                        """
                        insert into import_fault (import_id, line, position, tenant_id, external_id, field, message)
                        select $1, line, position, tenant_id, external_id, field, message
                          from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
                               with ordinality as f(line, tenant_id, external_id, field, message, position)
                         where (select failed from import_run where id = $1) < $7
                        """)
                .execute(values)
                .replaceWithVoid();
    }

    private static @Nullable String[] texts(List<ImportFault> faults, Function<ImportFault, @Nullable String> text) {
        return faults.stream().map(text).toArray(String[]::new);
    }

    /** All lines are done. */
    Uni<Boolean> complete(Hold hold) {
        return pool.preparedQuery(
                        """
                        update import_run
                           set state = 'COMPLETED', completed_at = coalesce(completed_at, $3), updated_at = $3
                         where id = $1 and epoch = $2
                        """)
                .execute(Tuple.of(hold.id(), hold.epoch(), now()))
                .map(rows -> rows.rowCount() == 1);
    }

    /** The request ended before its lines did. */
    Uni<Void> interrupt(Hold hold) {
        return pool.preparedQuery("update import_run set lease_until = clock_timestamp() where id = $1 and epoch = $2")
                .execute(Tuple.of(hold.id(), hold.epoch()))
                .replaceWithVoid();
    }

    /** Imports that may be seen, latest first: one's own, or all for who sees all tenants. */
    Uni<List<ImportView>> list(Actor actor, @Nullable UUID before, int limit) {
        return pool.preparedQuery(
                        "select " + COLUMNS
                                + """
                          from import_run
                         where ($2::text[] is null or (created_by = $1 and tenants <@ $2))
                           and ($3::uuid is null or id < $3)
                         order by id desc
                         limit $4
                        """)
                .execute(Tuple.tuple()
                        .addValue(actor.id())
                        .addValue(actor.tenants())
                        .addValue(before)
                        .addValue(limit))
                .map(ImportRuns::views);
    }

    /** An import that may be seen; null if there is none. */
    Uni<@Nullable ImportView> find(UUID id, Actor actor) {
        return pool.preparedQuery(
                        "select " + COLUMNS
                                + """
                          from import_run
                         where id = $1 and ($3::text[] is null or (created_by = $2 and tenants <@ $3))
                        """)
                .execute(Tuple.tuple().addValue(id).addValue(actor.id()).addValue(actor.tenants()))
                .map(rows -> rows.size() == 0 ? null : view(rows.iterator().next()));
    }

    /** What is wrong with lines of an import, in their order, after a place. */
    Uni<List<PlacedFault>> faults(UUID id, long line, int position, int limit) {
        return pool.preparedQuery(
                        """
                        select line, position, tenant_id, external_id, field, message
                          from import_fault
                         where import_id = $1 and (line, position) > ($2, $3)
                         order by line, position
                         limit $4
                        """)
                .execute(Tuple.of(id, line, position, limit))
                .map(rows -> {
                    List<PlacedFault> found = new ArrayList<>();
                    rows.forEach(row -> found.add(fault(row)));
                    return found;
                });
    }

    /** A fault with its place among the faults of its batch. */
    record PlacedFault(int position, ImportFault fault) {}

    private static PlacedFault fault(Row row) {
        return new PlacedFault(
                row.getInteger("position"),
                new ImportFault(
                        row.getLong("line"),
                        row.getString("tenant_id"),
                        row.getString("external_id"),
                        row.getString("field"),
                        row.getString("message")));
    }

    private static Hold hold(Row row) {
        return new Hold(
                row.getUUID("id"),
                row.getLong("epoch"),
                row.getLong("lines"),
                row.getBuffer("fingerprint").getBytes(),
                row.getString("state").equals("COMPLETED"));
    }

    private static List<ImportView> views(RowSet<Row> rows) {
        List<ImportView> views = new ArrayList<>();
        rows.forEach(row -> views.add(view(row)));
        return views;
    }

    private static ImportView view(Row row) {
        long endsUnknown = row.getLong("ends_unknown");
        OffsetDateTime completed = row.getOffsetDateTime("completed_at");
        return new ImportView(
                row.getUUID("id"),
                row.getString("name"),
                row.getBoolean("dry_run"),
                state(row),
                row.getLong("lines"),
                row.getLong("imported"),
                row.getLong("unchanged"),
                row.getLong("received"),
                row.getLong("failed"),
                endsUnknown,
                ImportView.advice(endsUnknown),
                row.getOffsetDateTime("started_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant(),
                completed == null ? null : completed.toInstant(),
                null);
    }

    private static ImportView.State state(Row row) {
        if (row.getString("state").equals("COMPLETED")) {
            return ImportView.State.COMPLETED;
        }
        return row.getBoolean("alive") ? ImportView.State.RUNNING : ImportView.State.INTERRUPTED;
    }

    private double lease() {
        return config.lease().toMillis() / 1000.0;
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
