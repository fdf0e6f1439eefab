package io.perennial.outbox;

import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** Which relay publishes which group of slots. Time is the database's machine clock, the same for all relays. */
final class Leases {
    private static final String PREPARE =
            """
            insert into outbox_lease (slot_group)
            select generate_series(0, $1 - 1)
            on conflict do nothing
            """;

    private static final String HEARTBEAT =
            """
            insert into outbox_relay (relay, slot_groups, seen_at)
            values ($1, $2, clock_timestamp())
            on conflict (relay) do update set seen_at = excluded.seen_at
            """;

    private static final String FORGET_DEAD_RELAYS =
            "delete from outbox_relay where seen_at < clock_timestamp() - interval '1 hour'";

    private static final String COUNT_RELAYS =
            """
            select count(*) from outbox_relay
            where seen_at > clock_timestamp() - make_interval(secs => $1)
            """;

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

    /** Shows that this relay lives; returns how many do. */
    int heartbeat() throws InterruptedException {
        database.query(HEARTBEAT, Tuple.of(relay, (short) slotGroups));
        return database.query(COUNT_RELAYS, Tuple.of(leaseSeconds))
                .iterator()
                .next()
                .getInteger(0);
    }

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
