package io.perennial.monitor.expiry;

import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * What happens when the rows of a batch can not be announced together: the batch is halved until the culprits stand alone.
 * Those are set aside with the database's reason, all others are announced. So one bad row costs one batch a few more
 * statements, once, and no good row waits behind it.
 *
 * <p>Only what the database says of <em>data</em> is blamed on a row. Anything else (no database, no table, a deadlock) is
 * no row's fault and ends the cycle.
 */
@Singleton
class PoisonRows {
    private static final Logger LOG = Logger.getLogger(PoisonRows.class);

    /** Cardinality, data and constraint faults, what can not be converted, and exceptions raised by a trigger. */
    private static final Set<String> FAULTS_OF_DATA = Set.of("0A", "21", "22", "23", "P0");

    /** More than a few bad rows in one batch are a fault of the whole: they are left to the next cycles, slowly. */
    private static final int MOST_AT_ONCE = 10;

    private final DueConnections due;

    @Inject
    PoisonRows(DueConnections due) {
        this.due = due;
    }

    static boolean blames(Throwable failure) {
        return failure instanceof PgException refused
                && refused.getSqlState() != null
                && FAULTS_OF_DATA.contains(refused.getSqlState().substring(0, 2));
    }

    /** Announces what a batch of this size would have, without the rows that spoil it. */
    Uni<Announcements> announceOthers(Instant now, int limit) {
        AtomicInteger left = new AtomicInteger(MOST_AT_ONCE);
        return due.due(now, limit).chain(ids -> announce(now, ids, left));
    }

    private Uni<Announcements> announce(Instant now, List<UUID> ids, AtomicInteger left) {
        if (ids.isEmpty()) {
            return Uni.createFrom().item(Announcements.NONE);
        }
        return due.announce(now, ids)
                .onFailure(PoisonRows::blames)
                .recoverWithUni(fault -> ids.size() == 1
                        ? setAside(now, ids.get(0), (PgException) fault, left)
                        : inHalves(now, ids, left));
    }

    private Uni<Announcements> inHalves(Instant now, List<UUID> ids, AtomicInteger left) {
        int middle = ids.size() / 2;
        return announce(now, ids.subList(0, middle), left)
                .chain(first ->
                        announce(now, ids.subList(middle, ids.size()), left).map(first::and));
    }

    private Uni<Announcements> setAside(Instant now, UUID connection, PgException fault, AtomicInteger left) {
        if (left.getAndDecrement() <= 0) {
            return Uni.createFrom().failure(fault);
        }
        // Without the database's detail, which quotes the whole row.
        String because = fault.getSqlState() + " " + fault.getErrorMessage();
        LOG.errorf("Connection %s can not be announced and is set aside: %s", connection, because);
        return due.setAside(now, connection, because).replaceWith(Announcements.NONE);
    }
}
