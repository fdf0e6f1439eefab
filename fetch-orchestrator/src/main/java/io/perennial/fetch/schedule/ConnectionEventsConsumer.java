package io.perennial.fetch.schedule;

import static java.time.ZoneOffset.UTC;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionAuthorized;
import io.perennial.contracts.ConnectionDisconnected;
import io.perennial.contracts.ConnectionEvent;
import io.perennial.contracts.ConnectionUpdated;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.GrantOrigin;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenReinstated;
import io.perennial.contracts.TokenRenewed;
import io.perennial.contracts.TokenRevoked;
import io.perennial.fetch.access.AccessTokens;
import io.perennial.fetch.backfill.FetchLoop;
import io.perennial.fetch.backfill.FetchPlanner;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ConnectionViews;
import io.perennial.fetch.erasure.ErasureLoop;
import io.perennial.fetch.erasure.Erasures;
import io.perennial.fetch.profiles.ChosenProfiles;
import io.perennial.inbox.EventSanity;
import io.perennial.inbox.Inbox;
import io.perennial.outbox.Outbox;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jspecify.annotations.Nullable;

/** Follows what happens to connections. */
@ApplicationScoped
class ConnectionEventsConsumer {
    private static final String CONSUMER = "fetch-orchestrator";
    private static final String NEXT_DAILY = "update connection_view set next_daily_at = $2 where connection_id = $1";

    private final Inbox inbox;
    private final ConnectionViews views;
    private final FetchPlanner planner;
    private final ChosenProfiles profiles;
    private final AccessTokens access;
    private final FetchLoop loop;
    private final Erasures erasures;
    private final ErasureLoop erasureLoop;
    private final Outbox outbox;
    private final DomainClock clock;

    ConnectionEventsConsumer(
            Inbox inbox,
            ConnectionViews views,
            FetchPlanner planner,
            ChosenProfiles profiles,
            AccessTokens access,
            FetchLoop loop,
            Erasures erasures,
            ErasureLoop erasureLoop,
            Outbox outbox,
            DomainClock clock) {
        this.inbox = inbox;
        this.views = views;
        this.planner = planner;
        this.profiles = profiles;
        this.access = access;
        this.loop = loop;
        this.erasures = erasures;
        this.erasureLoop = erasureLoop;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Incoming("connections")
    Uni<Void> consume(KafkaRecordBatch<String, byte[]> batch) {
        return handle(batch);
    }

    @Incoming("replay")
    Uni<Void> replay(KafkaRecordBatch<String, byte[]> batch) {
        return handle(batch);
    }

    private Uni<Void> handle(KafkaRecordBatch<String, byte[]> batch) {
        return inbox.handle(CONSUMER, batch, this::apply).invoke(() -> {
            outbox.wake();
            loop.wake();
            erasureLoop.wake();
        });
    }

    /** All connections first, in the order in which everybody locks them: that of the events would be a deadlock now and then. */
    Uni<Void> apply(SqlConnection tx, List<EventEnvelope> fresh) {
        Set<UUID> connections = fresh.stream()
                .filter(event -> event.data() instanceof ConnectionEvent)
                .map(event -> event.about().connectionId())
                .collect(Collectors.toSet());
        return views.lock(tx, connections).chain(() -> applyEach(tx, fresh));
    }

    private Uni<Void> applyEach(SqlConnection tx, List<EventEnvelope> fresh) {
        return Multi.createFrom()
                .iterable(fresh)
                .onItem()
                .transformToUniAndConcatenate(event -> apply(tx, event).replaceWith(event))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> apply(SqlConnection tx, EventEnvelope event) {
        return views.apply(tx, event).chain(view -> view.map(current -> effect(tx, current, event))
                .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private Uni<Void> effect(SqlConnection tx, ConnectionView view, EventEnvelope envelope) {
        EventSanity.requireTenant(envelope, view.tenantId());
        Event event = envelope.data();
        access.drop(view.id());
        if (event instanceof ConnectionDisconnected) {
            return planner.cancel(tx, view)
                    .chain(() -> nextDaily(tx, view, null))
                    .chain(() -> erasures.begin(tx, view));
        }
        if (!view.offered()) {
            return Uni.createFrom().voidItem();
        }
        if (view.advertises()) {
            return effectOnAdvertiser(tx, view, event);
        }
        Instant now = clock.instant();
        Instant happened = event.occurredAt();
        if (event instanceof ConnectionAuthorized authorized) {
            Uni<List<UUID>> firstLoad = authorized.origin() == GrantOrigin.IMPORT
                    ? planner.planImported(tx, view, authorized.coveredUntil(), happened)
                    : planner.planGaps(tx, List.of(view), FetchReason.FIRST_LOAD, happened);
            return firstLoad.chain(() -> nextDaily(tx, view, DailySlot.after(now, view.id())));
        }
        if (event instanceof TokenRenewed) {
            return planner.catchUp(tx, view, happened)
                    .chain(() -> nextDaily(tx, view, DailySlot.after(now, view.id())));
        }
        if (event instanceof TokenReinstated) {
            // Its daily fetch is due at once: it reads what was missed since the last one.
            return planner.resume(tx, view).chain(() -> nextDaily(tx, view, now));
        }
        return event instanceof TokenExpired || event instanceof TokenRevoked
                ? planner.park(tx, view).chain(() -> nextDaily(tx, view, null))
                : Uni.createFrom().voidItem();
    }

    /** Of an advertiser every snapshot is the daily one: after a renewal or another choice it is due at once. */
    private Uni<Void> effectOnAdvertiser(SqlConnection tx, ConnectionView view, Event event) {
        Instant now = clock.instant();
        if (event instanceof ConnectionUpdated updated) {
            List<String> choice = updated.profiles();
            return choice == null ? Uni.createFrom().voidItem() : choose(tx, view, choice, now);
        }
        if (event instanceof ConnectionAuthorized) {
            return nextDaily(tx, view, DailySlot.after(now, view.id()));
        }
        if (event instanceof TokenRenewed || event instanceof TokenReinstated) {
            return planner.beginAnew(tx, view).chain(() -> nextDaily(tx, view, now));
        }
        return event instanceof TokenExpired || event instanceof TokenRevoked
                ? planner.park(tx, view).chain(() -> nextDaily(tx, view, null))
                : Uni.createFrom().voidItem();
    }

    private Uni<Void> choose(SqlConnection tx, ConnectionView view, List<String> choice, Instant now) {
        Uni<Void> chosen = profiles.choose(tx, view.id(), choice);
        return view.usable() ? chosen.chain(() -> nextDaily(tx, view, now)) : chosen;
    }

    private static Uni<Void> nextDaily(SqlConnection tx, ConnectionView view, @Nullable Instant next) {
        return tx.preparedQuery(NEXT_DAILY)
                .execute(Tuple.of(view.id(), next == null ? null : next.atOffset(UTC)))
                .replaceWithVoid();
    }
}
