package io.perennial.auth.connection;

import io.perennial.auth.connection.lifecycle.ConnectionLifecycle;
import io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Happening;
import io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Moves;
import io.perennial.auth.connection.lifecycle.ProbePolicy;
import io.perennial.auth.connection.lifecycle.ProbingConfig;
import io.perennial.auth.connection.lifecycle.Standing;
import io.perennial.auth.connection.lifecycle.Verdict;
import io.perennial.auth.outage.Health;
import io.perennial.auth.outage.OutageConfig;
import io.perennial.auth.outage.Outages;
import io.perennial.auth.persistence.Transactions;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.OutageReason;
import io.perennial.contracts.Region;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * What the provider says about grants, and when it is asked next.
 */
@ApplicationScoped
public class ConnectionVerdicts {
    static final String ALIVE = "ALIVE";
    private static final String REFUSED = "REFUSED";

    private final ConnectionReader reader;
    private final ConnectionMoves moves;
    private final Transactions transactions;
    private final Outages outages;
    private final OutageConfig waves;
    private final ProbingConfig probing;
    private final DomainClock clock;

    ConnectionVerdicts(
            ConnectionReader reader,
            ConnectionMoves moves,
            Transactions transactions,
            Outages outages,
            OutageConfig waves,
            ProbingConfig probing,
            DomainClock clock) {
        this.reader = reader;
        this.moves = moves;
        this.transactions = transactions;
        this.outages = outages;
        this.waves = waves;
        this.probing = probing;
        this.clock = clock;
    }

    /**
     * Claims connections that are due for a probe, oldest first, as many as the budget of each application allows; they
     * are not due again for a moment. Nothing of a suspended application, and nothing while the provider is not asked.
     */
    public Uni<List<UUID>> claimDueProbes() {
        Instant now = clock.instant();
        return reader.claimDueProbes(now, now.plus(probing.retry()), probing);
    }

    /** Some connections by which an outage can be told to be over: refused ones and working ones. */
    public Uni<Map<UUID, Boolean>> witnesses(UUID app, Region region) {
        return reader.witnesses(app, region);
    }

    /** Makes a connection due for a probe now. */
    public Uni<Void> probeSoon(UUID id) {
        return reader.probeSoon(id, clock.instant());
    }

    /** Makes connections due for a probe now, unless a later grant than the given one was promoted. */
    public Uni<Void> probeAtOnce(SqlConnection transaction, Map<UUID, Integer> generations) {
        return reader.probeAtOnce(transaction, generations, clock.instant());
    }

    /** Counts what the provider said about a grant, and moves the connection if that is due. */
    public Uni<Standing> record(Verdict verdict) {
        Instant now = clock.instant();
        return verdict.alive() && !verdict.keepsAppointment()
                ? stillAlive(verdict, now)
                        .chain(standing -> standing == null
                                ? decide(verdict, now)
                                : Uni.createFrom().item(standing))
                : decide(verdict, now);
    }

    /** Nearly every verdict changes nothing: one statement notes it. Null if it may change something. */
    private Uni<@Nullable Standing> stillAlive(Verdict verdict, Instant now) {
        ConnectionStatus active = ConnectionStatus.ACTIVE;
        Instant next = ProbePolicy.next(probing, active, verdict.connectionId(), now);
        return ConnectionLifecycle.decide(active, ConnectionLifecycle.meaning(true, false, false)) instanceof Moves
                ? Uni.createFrom().nullItem()
                : reader.noteAlive(verdict, now, next)
                        .map(noted -> noted ? new Standing(active, verdict.generation(), true) : null);
    }

    private Uni<Standing> decide(Verdict verdict, Instant now) {
        return transactions
                .in(session -> ConnectionMoves.lock(session, verdict.connectionId())
                        .chain(connection -> outages.health(session, connection.appId, connection.region)
                                .chain(health -> count(session, connection, verdict, health, now))
                                .map(standing -> new Counted(connection.appId, connection.region, standing))))
                .call(counted -> verdict.alive() ? Uni.createFrom().voidItem() : watchForWave(counted, now))
                .map(Counted::standing);
    }

    private record Counted(UUID app, Region region, Standing standing) {}

    /** Many first refusals at once are not the merchants' will: from now on nobody's is final. */
    private Uni<Void> watchForWave(Counted counted, Instant now) {
        if (counted.standing().state() != ConnectionStatus.SUSPECT) {
            return Uni.createFrom().voidItem();
        }
        return reader.wave(counted.app(), counted.region(), now, waves)
                .chain(wave -> wave
                        ? outages.detect(counted.app(), counted.region(), OutageReason.MASS_REFUSAL)
                        : Uni.createFrom().voidItem());
    }

    private Uni<Standing> count(
            Mutiny.Session session, Connection connection, Verdict verdict, Health health, Instant now) {
        if (connection.generation != verdict.generation() || connection.state == ConnectionStatus.DISCONNECTED) {
            return Uni.createFrom().item(new Standing(connection.state, connection.generation, false));
        }
        boolean confirmed = !health.open()
                && connection.suspectSince != null
                && !now.isBefore(health.suspicionFrom(connection.suspectSince).plus(probing.secondLook()));
        Happening happening = ConnectionLifecycle.meaning(verdict.alive(), connection.endReached(now), confirmed);
        connection.lastProbeAt = now;
        connection.lastProbeResult = verdict.alive() ? ALIVE : REFUSED;
        if (!verdict.alive() && connection.suspectSince == null) {
            connection.suspectSince = now;
        }
        Uni<Void> moved;
        if (ConnectionLifecycle.decide(connection.state, happening) instanceof Moves next) {
            moved = moves.move(session, connection, next, "provider", now);
        } else {
            connection.nextProbeAt = next(connection, verdict, now);
            moved = session.flush();
        }
        if (!verdict.alive()) {
            connection.lastRefusedAt = now;
        }
        return moved.replaceWith(() -> new Standing(connection.state, connection.generation, true));
    }

    private @Nullable Instant next(Connection connection, Verdict verdict, Instant now) {
        Instant usual = ProbePolicy.next(probing, connection.state, connection.id, now);
        Instant appointed = connection.nextProbeAt;
        return verdict.keepsAppointment() && appointed != null && usual != null && appointed.isBefore(usual)
                ? appointed
                : usual;
    }
}
