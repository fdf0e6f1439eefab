package io.perennial.auth.outage;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.application.PlatformEvents;
import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.OutageReason;
import io.perennial.contracts.ProviderOutageCleared;
import io.perennial.contracts.ProviderOutageDetected;
import io.perennial.contracts.Region;
import io.perennial.outbox.Outbox;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens and closes the breakers.
 *
 * <ul>
 *   <li>Open, nothing is asked but by a trial, and no verdict is final: nobody's state changes, no merchant is told.
 *   <li>Opening and closing commit together with their event.
 *   <li>Whether one is open is known from a copy at most a second old; what must be certain asks {@link #health}.
 * </ul>
 */
@ApplicationScoped
public class Outages {
    private static final Logger LOG = Logger.getLogger(Outages.class);

    private final Pool pool;
    private final OutageStore store;
    private final PlatformEvents events;
    private final Outbox outbox;
    private final AuditTrail audit;
    private final OutageConfig config;
    private final DomainClock clock;
    private final Map<Key, Standing> known = new ConcurrentHashMap<>();

    Outages(
            Pool pool,
            OutageStore store,
            PlatformEvents events,
            Outbox outbox,
            AuditTrail audit,
            OutageConfig config,
            DomainClock clock,
            MeterRegistry meters) {
        this.pool = pool;
        this.store = store;
        this.events = events;
        this.outbox = outbox;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
        for (OutageReason reason : OutageReason.values()) {
            Gauge.builder("perennial.outages", known, all -> count(all, reason))
                    .tag("reason", reason.name())
                    .description("Applications and regions for which the provider is not asked")
                    .register(meters);
        }
    }

    /** An application in a region. */
    record Key(UUID app, Region region) {}

    /** What is remembered of a row that is not perfectly well. */
    record Standing(int faults, @Nullable OutageReason reason) {}

    /** An open breaker whose trial is due, claimed by this process. */
    public record Trial(UUID app, Region region, OutageReason reason, Instant since) {}

    /** Whether nothing may be asked; a trial alone does not heed it. */
    public boolean open(UUID app, Region region) {
        Standing standing = known.get(new Key(app, region));
        return standing != null && standing.reason() != null;
    }

    /** What the breaker says in the session's transaction. */
    public Uni<Health> health(Mutiny.Session session, UUID app, Region region) {
        return store.health(session, app, region);
    }

    /** All open breakers. */
    public Uni<List<Outage>> all() {
        return store.open();
    }

    /** Counts a platform fault; the last of too many in a row opens the breaker. */
    public Uni<Void> fault(UUID app, Region region, OutageReason reason) {
        return store.addFault(app, region)
                .invoke(standing -> known.put(new Key(app, region), standing))
                .chain(standing -> standing.reason() != null || standing.faults() < config.faults()
                        ? Uni.createFrom().voidItem()
                        : detect(app, region, reason));
    }

    /** Counts an answer of a provider that is well: it ends a row of faults. An open breaker waits for its trial. */
    public Uni<Void> orderly(UUID app, Region region) {
        Key key = new Key(app, region);
        Standing standing = known.get(key);
        if (standing == null || standing.reason() != null) {
            return Uni.createFrom().voidItem();
        }
        known.remove(key);
        return store.forgiveFaults(app, region);
    }

    /** Opens the breaker and tells operators; without effect if it is open. */
    public Uni<Void> detect(UUID app, Region region, OutageReason reason) {
        Instant now = clock.instant();
        return pool.withTransaction(transaction -> detect(transaction, new Trial(app, region, reason, now)))
                .invoke(outbox::wake)
                .call(this::look);
    }

    private Uni<Void> detect(SqlConnection transaction, Trial outage) {
        return store.lock(transaction, outage.app())
                .chain(() -> store.open(transaction, outage, config.pause()))
                .chain(opened -> {
                    if (!opened) {
                        return Uni.createFrom().voidItem();
                    }
                    LOG.errorf(
                            "The provider is not asked for application %s in %s: %s",
                            outage.app(), outage.region(), outage.reason());
                    return events.publish(
                            transaction,
                            outage.app(),
                            outage.since(),
                            about -> new ProviderOutageDetected(about, outage.region(), outage.reason()));
                });
    }

    /** Closes the breaker after a trial and tells operators; false if it was not open. */
    public Uni<Boolean> clear(UUID app, Region region) {
        return clear(app, region, ended -> List.of());
    }

    /** Closes the breaker because somebody says so, which the trail tells; false if it was not open. */
    Uni<Boolean> clearByHand(UUID app, Region region, String actor) {
        return clear(
                app,
                region,
                ended -> List.of(AuditLine.general(
                        AuditKind.OUTAGE_ENDED,
                        null,
                        actor,
                        app + " " + region + " " + ended.reason(),
                        clock.instant())));
    }

    private Uni<Boolean> clear(UUID app, Region region, Function<Trial, List<AuditLine>> lines) {
        Instant now = clock.instant();
        return pool.withTransaction(transaction -> store.lock(transaction, app)
                        .chain(() -> store.close(transaction, app, region, now))
                        .chain(ended -> ended == null
                                ? Uni.createFrom().item(false)
                                : tellEnd(transaction, ended, now)
                                        .chain(() -> audit.addAll(transaction, lines.apply(ended)))
                                        .replaceWith(true)))
                .invoke(cleared -> {
                    if (cleared) {
                        LOG.infof("The provider is asked again for application %s in %s", app, region);
                    }
                    outbox.wake();
                })
                .call(this::look);
    }

    private Uni<Void> tellEnd(SqlConnection transaction, Trial ended, Instant now) {
        return events.publish(
                transaction,
                ended.app(),
                now,
                about -> new ProviderOutageCleared(about, ended.region(), ended.reason(), ended.since()));
    }

    /** Claims the trials that are due; the next ones are due a pause later. */
    public Uni<List<Trial>> claimTrials() {
        return known.values().stream().allMatch(standing -> standing.reason() == null)
                ? Uni.createFrom().item(List.of())
                : store.claimTrials(config.pause());
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return look().onFailure().recoverWithItem(failure -> {
            LOG.warnf("The breakers could not be read and are read again: %s", failure.toString());
            return null;
        });
    }

    private Uni<Void> look() {
        return store.unwell()
                .invoke(rows -> {
                    known.keySet().retainAll(rows.keySet());
                    known.putAll(rows);
                })
                .replaceWithVoid();
    }

    private static double count(Map<Key, Standing> all, OutageReason reason) {
        return all.values().stream()
                .filter(standing -> standing.reason() == reason)
                .collect(Collectors.counting());
    }
}
