package io.perennial.monitor.connectionview;

import io.perennial.contracts.ConnectionAuthorized;
import io.perennial.contracts.ConnectionCreated;
import io.perennial.contracts.ConnectionDisconnected;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ConnectionState;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.ConnectionUpdated;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenReinstated;
import io.perennial.contracts.TokenRenewed;
import io.perennial.contracts.TokenRevoked;
import io.perennial.monitor.expiry.ExpiryPolicy;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What events told of a connection.
 *
 * @param about as in the last event that had an effect; its generation is the highest seen
 * @param planSequence sequence of the event that last changed state or plan. Within a generation an older event does not
 *     undo what a newer one said, so a replayed dead letter comes too late rather than wrong
 * @param seen highest sequence of an event of this generation; a state that is older tells nothing new
 */
record WatchedConnection(
        ConnectionRef about, String label, ConnectionStatus state, Plan plan, long planSequence, long seen) {

    /** What is known after an event; the same instance if the event has no effect. */
    static @Nullable WatchedConnection after(@Nullable WatchedConnection known, EventEnvelope event) {
        ConnectionRef about = event.about();
        if (!tells(event.data()) || (known != null && known.outdates(event))) {
            return known;
        }
        WatchedConnection before = known == null || known.about.generation() < about.generation()
                ? unplanned(known, about).retold(about, event.sequence())
                : known.retold(about, event.sequence());
        return before.apply(event);
    }

    /**
     * What is known once its owner has said how everything is, for a projection that is rebuilt; the same instance if more is
     * known already. Suspicion and days past the end are no events, so the projection knows them not.
     */
    static WatchedConnection restated(
            @Nullable WatchedConnection known, EventEnvelope event, ExpiryPolicy policy, Instant now) {
        ConnectionState stated = (ConnectionState) event.data();
        if (known != null && known.knowsMoreThan(event)) {
            return known;
        }
        Plan former = known != null && known.about.generation() == event.about().generation() ? known.plan : null;
        boolean working = stated.state() == ConnectionStatus.SUSPECT || stated.state() == ConnectionStatus.OVERDUE;
        return new WatchedConnection(
                event.about(),
                stated.label(),
                working ? ConnectionStatus.ACTIVE : stated.state(),
                Plan.stated(stated, former, policy, now),
                event.sequence(),
                event.sequence());
    }

    private boolean knowsMoreThan(EventEnvelope state) {
        int generation = state.about().generation();
        return about.generation() > generation || (about.generation() == generation && seen > state.sequence());
    }

    /** Refused consents and abandoned attempts tell nothing about the grant, and may name a generation that never was. */
    private static boolean tells(Event event) {
        return event instanceof ConnectionCreated
                || event instanceof ConnectionUpdated
                || event instanceof ConnectionAuthorized
                || event instanceof TokenRenewed
                || event instanceof TokenExpired
                || event instanceof TokenRevoked
                || event instanceof TokenReinstated
                || event instanceof ConnectionDisconnected;
    }

    private boolean outdates(EventEnvelope event) {
        int generation = event.about().generation();
        boolean replayed = generation == about.generation() && event.sequence() < planSequence;
        return state == ConnectionStatus.DISCONNECTED || generation < about.generation() || replayed;
    }

    /** A generation of which nothing else is known yet: its own first event may have been a dead letter. */
    private static WatchedConnection unplanned(@Nullable WatchedConnection known, ConnectionRef about) {
        ConnectionStatus state = about.generation() == 0 ? ConnectionStatus.PENDING : ConnectionStatus.ACTIVE;
        String label = known == null ? about.externalId() : known.label;
        return new WatchedConnection(about, label, state, Plan.NONE, Long.MIN_VALUE, Long.MIN_VALUE);
    }

    private WatchedConnection retold(ConnectionRef about, long sequence) {
        return new WatchedConnection(about, label, state, plan, planSequence, Math.max(seen, sequence));
    }

    private WatchedConnection apply(EventEnvelope event) {
        Event data = event.data();
        if (data instanceof ConnectionCreated created) {
            return labelled(created.label());
        }
        if (data instanceof ConnectionUpdated updated) {
            return labelled(updated.label()).corrected(updated, event.sequence());
        }
        if (data instanceof ConnectionDisconnected) {
            return now(ConnectionStatus.DISCONNECTED, plan, event);
        }
        if (data instanceof ConnectionAuthorized authorized) {
            return now(ConnectionStatus.ACTIVE, Plan.until(authorized.endsAt(), authorized.endsAtSource()), event);
        }
        if (data instanceof TokenRenewed renewed) {
            return now(ConnectionStatus.ACTIVE, Plan.until(renewed.endsAt(), renewed.endsAtSource()), event);
        }
        if (data instanceof TokenReinstated reinstated) {
            return now(ConnectionStatus.ACTIVE, Plan.until(reinstated.endsAt(), reinstated.endsAtSource()), event);
        }
        if (data instanceof TokenExpired expired) {
            return now(ConnectionStatus.EXPIRED, plan.expired(expired.endsAt()), event);
        }
        if (data instanceof TokenRevoked revoked) {
            Plan dead = plan.revoked(revoked.about().occurredAt(), revoked.endsAt());
            return now(ConnectionStatus.REVOKED, dead, event);
        }
        throw new IllegalStateException("An event that tells of a connection has no rule: " + event.type());
    }

    private WatchedConnection labelled(String newLabel) {
        return new WatchedConnection(about, newLabel, state, plan, planSequence, seen);
    }

    private WatchedConnection corrected(ConnectionUpdated updated, long sequence) {
        Plan moved = plan.corrected(updated.endsAt(), updated.endsAtSource());
        if (moved.equals(plan)) {
            return this;
        }
        boolean dead = state == ConnectionStatus.EXPIRED || state == ConnectionStatus.REVOKED;
        return new WatchedConnection(about, label, state, dead ? moved.pastTheEnd() : moved, sequence, seen);
    }

    private WatchedConnection now(ConnectionStatus newState, Plan newPlan, EventEnvelope event) {
        return new WatchedConnection(about, label, newState, newPlan, event.sequence(), seen);
    }

    /** When the next announcement is due by its tenant's stages; empty when there is none to come. */
    Optional<Instant> nextDueAt(ExpiryPolicy policy) {
        return state == ConnectionStatus.DISCONNECTED ? Optional.empty() : plan.nextDueAt(policy);
    }
}
