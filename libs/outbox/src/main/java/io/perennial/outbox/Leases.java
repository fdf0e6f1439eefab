package io.perennial.outbox;

import io.perennial.outbox.Backlog.Measure;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which relay publishes which group of slots. Time is the database's machine clock, the same for all relays. */
final class Leases {
    private static final String PREPARE =
            """
            insert into outbox_lease (slot_group)
            select generate_series(0, $1 - 1)
            on conflict do nothing
            """;

    // All that an idle relay ever asks: it must cost next to nothing.
    private static final String KEEP =
            """
            with alive as (
                insert into outbox_relay (relay, slot_groups, seen_at, renders_at)
                select $2::text, $3::smallint, now, now from clock_timestamp() as now
                on conflict (relay) do update
                set seen_at = excluded.seen_at, renders_at = excluded.renders_at, slot_groups = excluded.slot_groups
            ), renewed as (
                update outbox_lease l
                set expires_at = clock_timestamp() + make_interval(secs => $4)
                from unnest($5::smallint[], $6::bigint[]) as held(slot_group, epoch)
                where l.slot_group = held.slot_group and l.epoch = held.epoch and l.owner = $2
                returning l.slot_group
            ), waiting(rows, oldest, rendered) as (
                %s
            )
            select 1 + (select count(*) from outbox_relay
                        where relay <> $2 and seen_at > clock_timestamp() - make_interval(secs => $4)),
                   array(select slot_group from renewed), rows, oldest, rendered
            from waiting
            """
                    .formatted(WaitingRows.MEASURE);

    private static final String FORGET_DEAD_RELAYS =
            "delete from outbox_relay where seen_at < clock_timestamp() - interval '1 hour'";

    private static final String ACQUIRE =
            """
            update outbox_lease
            set owner = $1, epoch = epoch + 1, expires_at = clock_timestamp() + make_interval(secs => $2)
            where slot_group = (
                select slot_group
                from outbox_lease
                where slot_group < $3
                  and slot_group <> all ($4)
                  and (owner is null or owner = $1 or expires_at < clock_timestamp())
                  and not exists (
                      select from outbox_relay
                      where slot_groups <> $3 and seen_at > clock_timestamp() - make_interval(secs => $2))
                order by slot_group
                limit 1
                for update skip locked)
            returning slot_group, epoch
            """;

    private static final String RENEW =
            """
            update outbox_lease
            set expires_at = clock_timestamp() + make_interval(secs => $4)
            where slot_group = $1 and owner = $2 and epoch = $3
            """;

    private static final String RELEASE =
            """
            update outbox_lease
            set owner = null, expires_at = null
            where slot_group = $1 and owner = $2 and epoch = $3
            """;

    private static final String LEAVE = "delete from outbox_relay where relay = $1";

    private final Database database;
    private final String relay;
    private final int slotGroups;
    private final double leaseSeconds;

    Leases(Database database, String relay, int slotGroups, Duration leaseDuration) {
        this.database = database;
        this.relay = relay;
        this.slotGroups = slotGroups;
        this.leaseSeconds = leaseDuration.toMillis() / 1000.0;
    }

    /** A group that this relay owns until somebody with a higher epoch takes it. */
    record Lease(int slotGroup, long epoch) {}

    void prepare() throws InterruptedException {
        database.query(PREPARE, Tuple.of(slotGroups));
        database.query(FORGET_DEAD_RELAYS, Tuple.tuple());
    }

    /**
     * Shows that this relay lives, prolongs what it holds, and looks around.
     *
     * @param held groups that this relay owned until now
     * @param cap most rows that are counted
     */
    Surroundings keep(Collection<Lease> held, int cap) throws InterruptedException {
        Tuple parameters = Tuple.tuple()
                .addValue(cap)
                .addValue(relay)
                .addValue((short) slotGroups)
                .addValue(leaseSeconds)
                .addValue(held.stream().map(lease -> (short) lease.slotGroup()).toArray(Short[]::new))
                .addValue(held.stream().map(Lease::epoch).toArray(Long[]::new));
        Row row = database.query(KEEP, parameters).iterator().next();
        Set<Integer> kept =
                Stream.of(row.getArrayOfShorts(1)).map(Short::intValue).collect(Collectors.toSet());
        return new Surroundings(
                row.getInteger(0), kept, new Measure(row.getLong(2), row.getDouble(3), row.getBoolean(4)));
    }

    /**
     * What a relay sees when it shows itself.
     *
     * @param relays how many live, with this one
     * @param kept groups whose lease was prolonged; the others of those held belong to somebody else
     */
    record Surroundings(int relays, Set<Integer> kept, Measure waiting) {}

    /**
     * Takes a group that nobody owns. A relay with a lasting name takes those of its former life at once.
     *
     * @param held groups that this relay owns now
     */
    Optional<Lease> acquire(Collection<Lease> held) throws InterruptedException {
        Short[] others = held.stream().map(lease -> (short) lease.slotGroup()).toArray(Short[]::new);
        RowSet<Row> rows = database.query(ACQUIRE, Tuple.of(relay, leaseSeconds, (short) slotGroups, others));
        for (Row row : rows) {
            return Optional.of(new Lease(row.getShort(0), row.getLong(1)));
        }
        return Optional.empty();
    }

    /** Prolongs a lease; false if somebody else took the group. */
    boolean renew(Lease lease) throws InterruptedException {
        return database.query(RENEW, Tuple.of((short) lease.slotGroup(), relay, lease.epoch(), leaseSeconds))
                        .rowCount()
                == 1;
    }

    void release(Lease lease) throws InterruptedException {
        database.query(RELEASE, Tuple.of((short) lease.slotGroup(), relay, lease.epoch()));
    }

    void leave() throws InterruptedException {
        database.query(LEAVE, Tuple.of(relay));
    }
}
