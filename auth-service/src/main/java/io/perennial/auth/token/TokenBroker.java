package io.perennial.auth.token;

import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.connection.ConnectionProblem;
import io.perennial.auth.connection.ConnectionVerdicts;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.connection.lifecycle.Standing;
import io.perennial.auth.connection.lifecycle.Verdict;
import io.perennial.auth.persistence.Transactions;
import io.perennial.auth.token.amazon.LwaConfig;
import io.perennial.auth.token.amazon.TokenAnswer;
import io.perennial.auth.token.amazon.TokenAnswer.ConsentGone;
import io.perennial.auth.token.amazon.TokenAnswer.Granted;
import io.perennial.auth.vault.TokenVault;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.problem.ProblemException;
import io.perennial.secret.AccessToken;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives out access tokens and asks the provider about grants.
 *
 * <ul>
 *   <li>However many ask for one connection, one refresh runs: in this process by a shared flight, across processes by a
 *       lease on the grant's row.
 *   <li>A token that is still good is read, not refreshed, and nothing is written.
 *   <li>Every refresh is a probe: its answer is counted as a verdict on the grant.
 * </ul>
 */
@ApplicationScoped
public class TokenBroker {
    /** Another replica's refresh is waited for as long as its lease can last. */
    private static final Duration GLANCE = Duration.ofMillis(150);

    private static final int GLANCES = 150;

    private final GrantReader grants;
    private final GrantRefresh refresh;
    private final Connections connections;
    private final ConnectionVerdicts verdicts;
    private final FirstLook firstLook;
    private final TokenVault vault;
    private final Transactions transactions;
    private final DomainClock clock;
    private final LwaConfig config;
    private final MeterRegistry meters;
    private final Map<FlightKey, Uni<Flight>> flights = new ConcurrentHashMap<>();

    TokenBroker(
            GrantReader grants,
            GrantRefresh refresh,
            Connections connections,
            ConnectionVerdicts verdicts,
            FirstLook firstLook,
            TokenVault vault,
            Transactions transactions,
            DomainClock clock,
            LwaConfig config,
            MeterRegistry meters) {
        this.grants = grants;
        this.refresh = refresh;
        this.connections = connections;
        this.verdicts = verdicts;
        this.firstLook = firstLook;
        this.vault = vault;
        this.transactions = transactions;
        this.clock = clock;
        this.config = config;
        this.meters = meters;
    }

    /** An access token with what belongs to it. */
    record Access(OpenGrant grant, AccessToken token, Instant expiresAt) {}

    /** What a probe showed. */
    public enum Outcome {
        ALIVE,
        REFUSED,
        /** No verdict: the provider or the platform is at fault. */
        UNKNOWN
    }

    /** Where the connection stands after a probe. */
    public record Probed(ConnectionStatus state, int generation, Outcome outcome) {}

    /** Why the provider is asked. */
    private enum Purpose {
        ACCESS,
        PROBE,
        /** Whether an outage is over. */
        TRIAL
    }

    private record FlightKey(UUID grant, Purpose purpose) {}

    /**
     * A refresh under way.
     *
     * @param renewed whether a good token is stored now
     * @param answer the provider's; null if it was not asked here
     */
    private record Flight(boolean renewed, @Nullable TokenAnswer answer, Standing standing) {}

    /** A token that is good for at least the margin; a problem if the connection has no access. */
    Uni<Access> access(UUID connectionId) {
        return access(connectionId, null);
    }

    /** The same, if the tenants may see the connection; null stands for all tenants. */
    Uni<Access> access(UUID connectionId, String @Nullable [] tenants) {
        return access(connectionId, tenants, GLANCES);
    }

    private Uni<Access> access(UUID connectionId, String @Nullable [] tenants, int glances) {
        return current(connectionId, tenants).chain(grant -> {
            checkUsable(grant);
            if (fresh(grant)) {
                count("hit");
                return open(grant);
            }
            return fly(grant, Purpose.ACCESS).chain(flight -> afterFlight(connectionId, tenants, flight, glances));
        });
    }

    private Uni<Access> afterFlight(UUID connectionId, String @Nullable [] tenants, Flight flight, int glances) {
        if (!flight.renewed() && flight.answer() == null) {
            // Another process refreshes: look again until its token is there or its lease is over.
            if (glances == 0) {
                throw unavailable();
            }
            return Uni.createFrom()
                    .voidItem()
                    .onItem()
                    .delayIt()
                    .by(GLANCE)
                    .chain(() -> access(connectionId, tenants, glances - 1));
        }
        if (flight.renewed()) {
            return current(connectionId, tenants).chain(grant -> {
                checkUsable(grant);
                if (!fresh(grant)) {
                    throw unavailable();
                }
                return open(grant);
            });
        }
        throw flight.standing().state().usable()
                ? unavailable()
                : without(flight.standing().state());
    }

    private static void checkUsable(OpenGrant grant) {
        if (grant.suspended()) {
            throw new ProblemException(ConnectionProblem.APP_SUSPENDED, ConnectionProblem.APP_SUSPENDED.title());
        }
        if (!grant.state().usable()) {
            throw without(grant.state());
        }
    }

    /** Asks the provider now, whatever is cached; nothing is asked during an outage. */
    public Uni<Probed> probe(UUID connectionId) {
        return probe(connectionId, Purpose.PROBE);
    }

    /** Asks the provider now to learn whether an outage is over. */
    public Uni<Probed> tryOut(UUID connectionId) {
        return probe(connectionId, Purpose.TRIAL);
    }

    private Uni<Probed> probe(UUID connectionId, Purpose purpose) {
        return grants.current(connectionId).chain(grant -> {
            if (grant == null) {
                return connections
                        .get(connectionId)
                        .map(connection -> new Probed(connection.state(), connection.generation(), Outcome.UNKNOWN));
            }
            return fly(grant, purpose)
                    .call(flight -> grant.storeUnseen() && flight.answer() instanceof Granted granted
                            ? firstLook.at(grant, granted.tokens().accessToken())
                            : Uni.createFrom().voidItem())
                    .map(flight -> new Probed(
                            flight.standing().state(), flight.standing().generation(), outcome(flight.answer())))
                    .invoke(probed -> meters.counter(
                                    "perennial.probes",
                                    "outcome",
                                    probed.outcome().name())
                            .increment());
        });
    }

    private static Outcome outcome(@Nullable TokenAnswer answer) {
        if (answer instanceof Granted) {
            return Outcome.ALIVE;
        }
        return answer instanceof ConsentGone ? Outcome.REFUSED : Outcome.UNKNOWN;
    }

    /** Joins the refresh of this grant that is under way, or starts one. It ends whoever hangs up. */
    private Uni<Flight> fly(OpenGrant grant, Purpose purpose) {
        return flights.computeIfAbsent(
                new FlightKey(grant.id(), purpose),
                key -> shared(key, () -> purpose == Purpose.ACCESS ? refreshUnlessFresh(grant) : ask(grant, purpose)));
    }

    private Uni<Flight> shared(FlightKey key, Supplier<Uni<Flight>> work) {
        return transactions
                .detached(work)
                .onTermination()
                .invoke(() -> flights.remove(key))
                .memoize()
                .indefinitely();
    }

    /** Looks again first: the caller may have looked just before another flight landed. */
    private Uni<Flight> refreshUnlessFresh(OpenGrant seen) {
        return grants.current(seen.connectionId())
                .chain(grant -> grant != null && fresh(grant)
                        ? Uni.createFrom().item(new Flight(true, null, unchanged(grant)))
                        : ask(grant == null ? seen : grant, Purpose.ACCESS));
    }

    private Uni<Flight> ask(OpenGrant grant, Purpose purpose) {
        count("refresh");
        Uni<@Nullable TokenAnswer> asked =
                purpose == Purpose.TRIAL ? refresh.refreshInSpiteOfOutage(grant) : refresh.refresh(grant);
        return asked.chain(answer -> standing(grant, answer, purpose)
                .map(standing -> new Flight(answer instanceof Granted, answer, standing)));
    }

    private Uni<Standing> standing(OpenGrant grant, @Nullable TokenAnswer answer, Purpose purpose) {
        if (answer instanceof Granted) {
            return verdict(grant, true, purpose);
        }
        if (!(answer instanceof ConsentGone)) {
            return Uni.createFrom().item(unchanged(grant));
        }
        // The provider may end a grant as soon as a new consent is given: that is the renewal, not a revocation.
        return grants.renewalUnderWay(grant.connectionId())
                .chain(renewing -> renewing ? Uni.createFrom().item(unchanged(grant)) : verdict(grant, false, purpose));
    }

    private Uni<Standing> verdict(OpenGrant grant, boolean alive, Purpose purpose) {
        // Who uses a grant every hour would put off the first look at its store for ever.
        boolean keepsAppointment = purpose == Purpose.ACCESS && grant.storeUnseen();
        return verdicts.record(new Verdict(grant.connectionId(), grant.generation(), alive, keepsAppointment));
    }

    private static Standing unchanged(OpenGrant grant) {
        return new Standing(grant.state(), grant.generation(), false);
    }

    private Uni<OpenGrant> current(UUID connectionId, String @Nullable [] tenants) {
        return grants.current(connectionId, tenants)
                .chain(grant -> grant != null
                        ? Uni.createFrom().item(grant)
                        : connections.get(connectionId, tenants).map(connection -> {
                            throw connection.state().usable() ? unavailable() : without(connection.state());
                        }));
    }

    private boolean fresh(OpenGrant grant) {
        return grant.sealedAccessToken() != null
                && grant.accessExpiresAt() != null
                && clock.instant().isBefore(grant.accessExpiresAt().minus(config.margin()));
    }

    private Uni<Access> open(OpenGrant grant) {
        byte[] cipher = Objects.requireNonNull(grant.sealedAccessToken());
        Instant expiresAt = Objects.requireNonNull(grant.accessExpiresAt());
        return vault.openAccessToken(cipher, grant.key(), grant.place())
                .map(token -> new Access(grant, token, expiresAt));
    }

    private void count(String result) {
        meters.counter("perennial.broker.requests", "result", result).increment();
    }

    private static ProblemException without(ConnectionStatus state) {
        ConnectionProblem problem = ConnectionProblem.of(state);
        return new ProblemException(problem, problem.title());
    }

    private static ProblemException unavailable() {
        return new ProblemException(
                ConnectionProblem.PROVIDER_UNAVAILABLE, ConnectionProblem.PROVIDER_UNAVAILABLE.title());
    }
}
