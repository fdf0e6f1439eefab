package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Event;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.SampleOrder;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenExpiring;
import io.perennial.contracts.TokenRevoked;
import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Seller;
import io.perennial.merchants.year.Backlog;
import io.perennial.testsupport.Events;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * After a renewal, what a former grant still has to say changes nothing in any service. The console tells it as what it is,
 * something that happened, but shows no other state, end or error for it.
 */
@Order(2)
class LateEventsTest {
    private static final String MAILBOX = "owner@late.example";
    private static final Duration LONG_AGO = Duration.ofDays(20);

    @Test
    void late_events_of_a_former_generation_have_no_effect_on_any_consumer() throws SQLException {
        House house = House.shared();
        Seller seller = Seller.of(house.sandbox(), "EU", 2);
        String id = Connections.authorize(house, "acme", "late-1", seller, MAILBOX);
        try (Events events = house.events("perennial.connections.v1", "perennial.fetches.v1", "perennial.expiry.v1")) {
            Instant endOfFirst = Instant.parse(events.await("ConnectionAuthorized", id, 1)
                    .data()
                    .get("endsAt")
                    .asText());
            events.await("FetchCompleted", id, 1);
            house.advance(Duration.ofDays(10));
            Connections.renew(house, id, seller);
            events.await("TokenRenewed", id, 2);
            events.await("FetchCompleted", id, 2);
            int mails = house.awaitMails(MAILBOX, 1).size();
            Backlog.awaitHandled(house.stack());
            JsonNode before = house.connection(id);
            String expiries = expiryOf(house, id).toString();
            int fetches = fetchesOf(house, id);
            String order = knownOrderOf(house, id);
            ConsoleAgent agent = ConsoleAgent.signedIn(house);
            String head = agent.head(id);
            String reference = before.get("reference").asText();
            String line = agent.list(reference);
            assertThat(head).contains("Active", seller.id(), reference);
            assertThat(line).contains("late-1");
            long seen = events.upToNow().stream()
                    .filter(e -> e.connectionId().equals(id))
                    .count();

            Instant now = house.now();
            ConnectionRef late =
                    new ConnectionRef("acme", UUID.fromString(id), "late-1", Provider.AMAZON_SELLER, Region.EU, 1, now);
            List<Event> planted = List.of(
                    new TokenExpiring(late, 2, 2, endOfFirst),
                    new TokenExpiring(late, 0, 0, endOfFirst),
                    new TokenExpired(late, endOfFirst),
                    new TokenRevoked(late, now, endOfFirst),
                    new FetchCompleted(
                            late,
                            UUID.randomUUID(),
                            FetchReason.RENEWAL_GAP,
                            now,
                            now,
                            1,
                            5,
                            0,
                            0,
                            new SampleOrder("305-7654321-7654321", now.minus(LONG_AGO))));
            planted.forEach(event -> Planted.event(house, event));
            Backlog.awaitHandled(house.stack());

            assertThat(house.connection(id)).isEqualTo(before);
            assertThat(expiryOf(house, id).toString()).isEqualTo(expiries);
            assertThat(fetchesOf(house, id)).isEqualTo(fetches);
            assertThat(knownOrderOf(house, id)).isEqualTo(order);
            assertThat(agent.head(id)).isEqualTo(head);
            assertThat(agent.list(reference)).isEqualTo(line);
            assertThat(house.mailsTo(MAILBOX)).hasSize(mails);
            assertThat(events.upToNow().stream()
                            .filter(e -> e.connectionId().equals(id))
                            .count())
                    .as("the planted ones and nothing that follows from them")
                    .isEqualTo(seen + planted.size());
        }
    }

    private static JsonNode expiryOf(House house, String id) {
        for (JsonNode item : house.monitor("viewer")
                .get("/api/expiries?withinDays=400&limit=200")
                .get("items")) {
            if (item.get("connectionId").asText().equals(id)) {
                return item;
            }
        }
        throw new AssertionError("token-monitor does not watch " + id);
    }

    /** The order by which auth-service would know the account again. */
    private static String knownOrderOf(House house, String id) throws SQLException {
        try (Connection session = house.database(StackService.AUTH_SERVICE);
                var statement =
                        session.prepareStatement("select order_id from known_order where connection_id = ?::uuid")) {
            statement.setString(1, id);
            ResultSet rows = statement.executeQuery();
            assertThat(rows.next()).as("an order of " + id + " is known").isTrue();
            return rows.getString(1);
        }
    }

    private static int fetchesOf(House house, String id) {
        return house.fetch("viewer")
                .get("/api/fetches?connection=" + id)
                .get("fetches")
                .size();
    }
}
