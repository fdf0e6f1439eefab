package io.perennial.auth.application;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.persistence.Stopping;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.ClientSecretExpiring;
import io.perennial.outbox.Outbox;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells operators in time that a client secret ends: nothing else does, and after its end every call of every merchant
 * fails. Only the newest secret of an application counts; a jump over several stages tells the latest. A suspended
 * application uses none: its secret counts again when it is resumed.
 */
@ApplicationScoped
class SecretWatch {
    private static final Logger LOG = Logger.getLogger(SecretWatch.class);

    private final Pool pool;
    private final PlatformEvents events;
    private final Outbox outbox;
    private final SecretsConfig config;
    private final DomainClock clock;
    private final Stopping stopping;
    private final AtomicReference<@Nullable Instant> soonest = new AtomicReference<>();

    SecretWatch(
            Pool pool,
            PlatformEvents events,
            Outbox outbox,
            SecretsConfig config,
            DomainClock clock,
            Stopping stopping,
            MeterRegistry meters) {
        this.pool = pool;
        this.events = events;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
        this.stopping = stopping;
        Gauge.builder("perennial.client.secret.days.left", soonest, this::daysLeft)
                .description("Days until the first client secret in use ends")
                .register(meters);
    }

    /** A newest secret whose next stage may be due. */
    private record Ending(UUID id, UUID app, int version, Instant expiresAt, @Nullable Integer announced) {
        static Ending of(Row row) {
            return new Ending(
                    row.getUUID("id"),
                    row.getUUID("app_id"),
                    row.getInteger("version"),
                    row.getOffsetDateTime("expires_at").toInstant(),
                    row.getInteger("announced_stage"));
        }
    }

    @Scheduled(every = "10s", delayed = "2s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return stopping.begun()
                ? Uni.createFrom().voidItem()
                : round().onFailure().recoverWithItem(failure -> {
                    LOG.warnf("Client secrets could not be looked at and are looked at again: %s", failure.toString());
                    return null;
                });
    }

    Uni<Void> round() {
        return pool.query(
                        """
                        select distinct on (s.app_id) s.id, s.app_id, s.version, s.expires_at, s.announced_stage
                          from app_secret s join app a on a.id = s.app_id
                         where a.suspended_at is null
                         order by s.app_id, s.version desc
                        """)
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(Ending::of)
                        .toList())
                .invoke(this::remember)
                .chain(this::announceDue);
    }

    private Uni<Void> announceDue(List<Ending> all) {
        return Multi.createFrom()
                .iterable(all)
                .onItem()
                .transformToUniAndConcatenate(this::announceIfDue)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> announceIfDue(Ending secret) {
        Instant now = clock.instant();
        Integer stage = SecretStages.reached(config.stages(), now, secret.expiresAt());
        if (stage == null || (secret.announced() != null && secret.announced() <= stage)) {
            return Uni.createFrom().voidItem();
        }
        return pool.withTransaction(transaction -> claim(transaction, secret, stage)
                        .chain(mine -> mine
                                ? announce(transaction, secret, stage, now)
                                : Uni.createFrom().voidItem()))
                .invoke(outbox::wake);
    }

    private static Uni<Boolean> claim(SqlConnection transaction, Ending secret, int stage) {
        return transaction
                .preparedQuery(
                        """
                        update app_secret set announced_stage = $2
                         where id = $1 and (announced_stage is null or announced_stage > $2)
                        """)
                .execute(Tuple.of(secret.id(), stage))
                .map(rows -> rows.rowCount() == 1);
    }

    private Uni<Void> announce(SqlConnection transaction, Ending secret, int stage, Instant now) {
        int days = SecretStages.daysLeft(now, secret.expiresAt());
        LOG.warnf("Client secret %d of application %s ends in %d days", secret.version(), secret.app(), days);
        return events.publish(
                transaction,
                secret.app(),
                now,
                about -> new ClientSecretExpiring(about, secret.version(), stage, days, secret.expiresAt()));
    }

    private void remember(List<Ending> all) {
        soonest.set(all.stream().map(Ending::expiresAt).min(Instant::compareTo).orElse(null));
    }

    private double daysLeft(AtomicReference<@Nullable Instant> end) {
        Instant known = end.get();
        return known == null ? Double.NaN : SecretStages.daysLeft(clock.instant(), known);
    }
}
