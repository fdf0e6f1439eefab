package io.perennial.monitor;

import io.perennial.contracts.AuthorizationAbandoned;
import io.perennial.contracts.AuthorizationFailed;
import io.perennial.contracts.ConnectionAuthorized;
import io.perennial.contracts.ConnectionCreated;
import io.perennial.contracts.ConnectionDisconnected;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ConnectionState;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.ConnectionUpdated;
import io.perennial.contracts.ConsentHeld;
import io.perennial.contracts.DuplicateRejected;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.RenewalReason;
import io.perennial.contracts.RenewalRequired;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenReinstated;
import io.perennial.contracts.TokenRenewed;
import io.perennial.contracts.TokenRevoked;
import io.perennial.contracts.WrongAccountRejected;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What auth-service tells of one connection, one event after the other. */
public final class ConnectionEvents {
    public static final Duration YEAR = Duration.ofDays(365);

    private final UUID connection;
    private final String tenant;
    private long sequence;

    private ConnectionEvents(UUID connection, String tenant, long sequence) {
        this.connection = connection;
        this.tenant = tenant;
        this.sequence = sequence;
    }

    public static ConnectionEvents ofTenant(String tenant) {
        return new ConnectionEvents(UUID.randomUUID(), tenant, 0);
    }

    /** The same connection as somebody tells of it who says that it is another tenant's. */
    public ConnectionEvents claimedBy(String other) {
        return new ConnectionEvents(connection, other, sequence);
    }

    public String externalId() {
        return "shop-" + connection;
    }

    public UUID id() {
        return connection;
    }

    public EventEnvelope created(Instant at) {
        return envelope(new ConnectionCreated(about(0, at), "Shop", List.of("A1PA6795UKMFR9")));
    }

    public EventEnvelope authorized(Instant at) {
        return envelope(
                new ConnectionAuthorized(about(1, at), "A2", "Store", List.of(), at, at.plus(YEAR), EndsAtSource.RULE));
    }

    public EventEnvelope renewed(int generation, Instant at) {
        return envelope(new TokenRenewed(
                about(generation, at), "A2", "Store", List.of(), at, at.plus(YEAR), EndsAtSource.RULE, null));
    }

    public EventEnvelope updated(int generation, Instant at, String label, Instant endsAt) {
        return envelope(new ConnectionUpdated(
                about(generation, at), label, List.of(), endsAt, endsAt == null ? null : EndsAtSource.OPERATOR, null));
    }

    public EventEnvelope expired(int generation, Instant at, Instant endsAt) {
        return envelope(new TokenExpired(about(generation, at), endsAt));
    }

    public EventEnvelope revoked(int generation, Instant at, Instant endsAt) {
        return envelope(new TokenRevoked(about(generation, at), at.minusSeconds(180), endsAt));
    }

    public EventEnvelope reinstated(int generation, Instant at, Instant endsAt) {
        return envelope(new TokenReinstated(about(generation, at), endsAt, EndsAtSource.ESTIMATE));
    }

    public EventEnvelope disconnected(int generation, Instant at) {
        return envelope(new ConnectionDisconnected(about(generation, at)));
    }

    public EventEnvelope wrongAccount(int generation, Instant at) {
        return envelope(new WrongAccountRejected(about(generation, at), "A2", "A3", "CALLBACK_ID"));
    }

    public EventEnvelope duplicate(int generation, Instant at) {
        return envelope(new DuplicateRejected(about(generation, at), "A2", UUID.randomUUID()));
    }

    public EventEnvelope abandoned(int generation, Instant at) {
        return envelope(new AuthorizationAbandoned(about(generation, at), at));
    }

    public EventEnvelope held(int generation, Instant at) {
        return envelope(new ConsentHeld(about(generation, at), UUID.randomUUID(), "A2", "A3", null));
    }

    public EventEnvelope failed(int generation, Instant at) {
        return envelope(new AuthorizationFailed(about(generation, at), "GRANT_REFUSED"));
    }

    public EventEnvelope askedAgain(int generation, Instant at) {
        return envelope(new RenewalRequired(about(generation, at), RenewalReason.values()[0], UUID.randomUUID(), 1, 1));
    }

    /** How it is, said after everything that was told before. */
    public EventEnvelope state(
            int generation, Instant at, ConnectionStatus state, String label, Instant endsAt, EndsAtSource source) {
        return envelope(new ConnectionState(
                about(generation, at), state, state.usable(), label, List.of(), "A2", "Store", at, at, endsAt, source));
    }

    private ConnectionRef about(int generation, Instant at) {
        return new ConnectionRef(
                tenant, connection, "shop-" + connection, Provider.AMAZON_SELLER, Region.EU, generation, at);
    }

    private EventEnvelope envelope(Event data) {
        return new EventEnvelope(
                UUID.randomUUID(),
                EventType.of(data),
                "/perennial/auth-service",
                data.occurredAt(),
                ++sequence,
                null,
                data);
    }
}
