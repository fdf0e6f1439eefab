package io.perennial.monitor.plan;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Plans the connections of a tenant anew once it has chosen other stages: batch by batch, each one statement that also
 * notes how far it came, so a restart goes on there and replicas take different tenants. Until a connection's turn has come
 * it is looked at when it was due before; then the loop decides by the new stages already. What is due by then the loop
 * finds at its next tick.
 */
@Singleton
public class Replanning {
    private static final Logger LOG = Logger.getLogger(Replanning.class);

    /** How long a choice may wait if the process that heard of it died. */
    private static final Duration ASK_EVERY = Duration.ofSeconds(5);

    /** As many as the loop's largest batch, for the same reason: a statement must not hold its locks too long. */
    private static final int BATCH = 5_000;

    /** Rows are locked in the order of their key, as the consumers of events do. Revoked grants may have no end. */
    private static final String REPLAN =
            """
            with tenant as (
                select tenant_id, days, replan_after_end, replan_after_id
                from tenant_plan
                where replan_after_end is not null
                order by tenant_id
                limit 1
                for no key update skip locked
            ), next as (
                select dated.connection_id, dated.ends_at
                from tenant t cross join lateral (
                    select c.connection_id, c.ends_at
                    from watched_end c
                    where c.tenant_id = t.tenant_id
                      and (c.ends_at, c.connection_id) > (t.replan_after_end, t.replan_after_id)
                    order by c.ends_at, c.connection_id
                    limit $1) as dated
                union all
                select c.connection_id, c.ends_at
                from tenant t join watched_end c on c.tenant_id = t.tenant_id
                where t.replan_after_end = '-infinity' and c.ends_at is null
            ), locked as (
                select c.connection_id
                from watched_connection c
                where c.connection_id = any (array(select connection_id from next))
                order by c.connection_id
                for update
            ), replanned as (
                update watched_connection c
                set next_due_at = next_due_at(c.anchor_at, c.told, t.days)
                from tenant t, locked
                where c.connection_id = locked.connection_id and c.next_due_at is not null
                returning c.connection_id, c.next_due_at
            ), over as (
                delete from watched_end
                where connection_id = any (array(select connection_id from replanned where next_due_at is null))
            ), noted as (
                update tenant_plan p
                set (replan_after_end, replan_after_id) = (
                    select ends_at, connection_id from next where ends_at is not null
                    order by ends_at desc, connection_id desc limit 1)
                from tenant t
                where p.tenant_id = t.tenant_id
                returning p.tenant_id
            )
            select count(*)::int as tenants from noted
            """;

    private final Vertx vertx;
    private final Pool pool;
    private final AtomicBoolean running = new AtomicBoolean();
    private long timer = -1;

    @Inject
    Replanning(Vertx vertx, Pool pool) {
        this.vertx = vertx;
        this.pool = pool;
    }

    void start(@Observes StartupEvent start) {
        timer = vertx.setPeriodic(ASK_EVERY.toMillis(), id -> wake());
    }

    void stop(@Observes @Priority(1) ShutdownEvent stop) {
        vertx.cancelTimer(timer);
    }

    /** Plans anew what waits for it. */
    void wake() {
        if (running.compareAndSet(false, true)) {
            drain().onTermination().invoke(() -> running.set(false)).subscribe().with(done -> {}, Replanning::failed);
        }
    }

    Uni<Void> drain() {
        return batch(BATCH).chain(more -> more ? drain() : Uni.createFrom().voidItem());
    }

    /** Plans one batch anew; false if nobody waited for it. */
    Uni<Boolean> batch(int most) {
        return pool.preparedQuery(REPLAN)
                .execute(Tuple.of(most))
                .map(rows -> rows.iterator().next())
                .map(row -> row.getInteger("tenants") > 0);
    }

    private static void failed(Throwable fault) {
        LOG.warnf("Connections could not be planned anew and are tried again: %s", fault);
    }
}
