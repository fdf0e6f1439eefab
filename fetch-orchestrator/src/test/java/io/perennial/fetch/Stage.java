package io.perennial.fetch;

import static io.perennial.fetch.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.contracts.ConnectionAuthorized;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ConnectionUpdated;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.GrantOrigin;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenRenewed;
import io.perennial.contracts.TokenRevoked;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.ReceivedEvent;
import io.perennial.testsupport.SandboxProcess;
import io.perennial.testsupport.TestClock;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** One connection of one seller, told of by events as auth-service would, and what fetching makes of it. */
public final class Stage implements AutoCloseable {
    private static final AtomicLong SEQUENCE = new AtomicLong();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> OPEN = Set.of("WAITING", "RUNNING");
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    public final UUID id = UUID.randomUUID();
    public final String tenant = "tenant-" + id;
    public final TestClock clock = TestClock.shared();
    public final Amazon amazon = new Amazon();
    public final Amazon.Seller seller;
    public final Amazon.App app;
    public final AuthStandIn.Grant grant;
    public final Events events;
    private final KafkaProducer<String, byte[]> producer;

    private final Provider provider;

    private Stage(Amazon.Seller seller, Provider provider) {
        boolean advertises = provider == Provider.AMAZON_ADS;
        this.provider = provider;
        this.seller = seller;
        this.app = advertises ? amazon.newAdsApp() : amazon.newApp();
        this.grant = advertises
                ? AuthStandIn.shared().advertiser(id, seller, app)
                : AuthStandIn.shared().grant(id, seller, app);
        String brokers = PerennialKafka.shared().bootstrapServers();
        this.events = Events.fromNow(brokers, Topics.FETCHES, Topics.ORDERS);
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers, "acks", "all"), new StringSerializer(), new ByteArraySerializer());
    }

    /** A seller of the region has consented, and nobody has been told yet. */
    public static Stage withSeller(String region, int number) {
        return new Stage(new Amazon().seller(region, number), Provider.AMAZON_SELLER);
    }

    /** The same seller as an advertiser. */
    public static Stage advertiser(String region, int number) {
        return new Stage(new Amazon().seller(region, number), Provider.AMAZON_ADS);
    }

    public EventEnvelope chosen(List<String> profiles) {
        return tell(new ConnectionUpdated(about(1), "Ads", List.of(), null, null, profiles));
    }

    public EventEnvelope authorized() {
        return authorized(seller.marketplaces());
    }

    /** @param marketplaces that the connection names; none: all */
    public EventEnvelope authorized(List<String> marketplaces) {
        return tell(new ConnectionAuthorized(
                about(1), seller.id(), null, marketplaces, clock.now(), inAYear(), EndsAtSource.RULE));
    }

    /** Somebody names the marketplaces that the connection is for. */
    public EventEnvelope named(List<String> marketplaces) {
        return tell(new ConnectionUpdated(about(1), "Shop", marketplaces, null, null, null));
    }

    /** The integrator brought the grant along, and has the orders up to an instant. */
    public EventEnvelope imported(Instant coveredUntil) {
        return tell(new ConnectionAuthorized(
                about(1),
                seller.id(),
                null,
                seller.marketplaces(),
                clock.now(),
                inAYear(),
                EndsAtSource.ESTIMATE,
                GrantOrigin.IMPORT,
                coveredUntil));
    }

    public EventEnvelope renewed(int generation) {
        return tell(new TokenRenewed(
                about(generation),
                seller.id(),
                null,
                seller.marketplaces(),
                clock.now(),
                inAYear(),
                EndsAtSource.RULE,
                null));
    }

    public EventEnvelope expired(int generation) {
        return tell(new TokenExpired(about(generation), clock.now()));
    }

    public EventEnvelope revoked(int generation) {
        return tell(new TokenRevoked(about(generation), clock.now(), null));
    }

    public ConnectionRef about(int generation) {
        return about(provider, generation);
    }

    public ConnectionRef about(Provider provider, int generation) {
        Instant now = clock.now().truncatedTo(java.time.temporal.ChronoUnit.MICROS);
        return new ConnectionRef(tenant, id, "shop-" + id, provider, Region.valueOf(seller.region()), generation, now);
    }

    public EventEnvelope tell(Event data) {
        EventEnvelope event = new EventEnvelope(
                UUID.randomUUID(),
                EventType.of(data),
                "/perennial/auth-service",
                data.occurredAt(),
                SEQUENCE.incrementAndGet(),
                null,
                data);
        publish(event);
        return event;
    }

    public void publish(EventEnvelope event) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                event.type().topic(),
                event.key(),
                EventCodec.toJson(event.data()).getBytes(StandardCharsets.UTF_8));
        EventCodec.headers(event)
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        send(record);
    }

    public void publishGarbage() {
        send(new ProducerRecord<>(Topics.CONNECTIONS, id.toString(), "not an event".getBytes(StandardCharsets.UTF_8)));
    }

    private void send(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    public ReceivedEvent completed(String reason) {
        return events.await(
                "FetchCompleted " + reason,
                event -> event.type().equals("FetchCompleted")
                        && event.connectionId().equals(id.toString())
                        && event.data().path("reason").asText().equals(reason));
    }

    /**
     * Moves the clock on until the quota has let the last page through, and nothing else is open either.
     *
     * @param step how far at a time while something is due or about to be
     */
    public ReceivedEvent completedInTime(String reason, Duration step) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
            List<JsonNode> all = fetchesAsJson();
            List<JsonNode> attempts = all.stream()
                    .filter(fetch -> OPEN.contains(fetch.path("state").asText()))
                    .map(fetch -> fetch.path("nextAttemptAt"))
                    .toList();
            if (!attempts.isEmpty()) {
                clock.advance(longer(step, untilTheNext(attempts)));
            }
            return attempts.isEmpty()
                    && all.stream()
                            .anyMatch(fetch -> fetch.path("reason").asText().equals(reason));
        });
        return completed(reason);
    }

    /** None while one is due or under way. */
    private Duration untilTheNext(List<JsonNode> attempts) {
        Instant now = clock.now();
        return attempts.stream()
                .map(attempt -> attempt.isTextual() ? Instant.parse(attempt.asText()) : now)
                .min(Comparator.naturalOrder())
                .map(next -> Duration.between(now, next))
                .orElse(Duration.ZERO);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** All fetch events about the connection so far, of that type. */
    public List<ReceivedEvent> told(String type) {
        return events.upToNow().stream()
                .filter(event ->
                        event.type().equals(type) && event.connectionId().equals(id.toString()))
                .toList();
    }

    /**
     * OrderFetched events of some fetches, or of all. Orders and fetches are different topics: the last orders may come
     * after the word that their fetch is complete, so this waits for as many as the fetches have counted.
     */
    public List<ReceivedEvent> orders(String... fetchIds) {
        Predicate<ReceivedEvent> wanted = event -> event.type().equals("OrderFetched")
                && event.connectionId().equals(id.toString())
                && (fetchIds.length == 0
                        || List.of(fetchIds)
                                .contains(event.data().path("fetchId").asText()));
        events.awaitCount(counted(fetchIds), "orders", wanted);
        return events.upToNow().stream().filter(wanted).toList();
    }

    private int counted(String... fetchIds) {
        return fetchesAsJson().stream()
                .filter(fetch -> fetchIds.length == 0
                        || List.of(fetchIds).contains(fetch.path("id").asText()))
                .mapToInt(fetch -> fetch.path("ordersNew").asInt()
                        + fetch.path("ordersUpdated").asInt())
                .sum();
    }

    public Set<String> orderIds(String... fetchIds) {
        return orders(fetchIds).stream()
                .map(event -> event.data().path("orderId").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    public static Instant from(ReceivedEvent event) {
        return Instant.parse(event.data().path("from").asText());
    }

    public static Instant to(ReceivedEvent event) {
        return Instant.parse(event.data().path("to").asText());
    }

    public static String fetchId(ReceivedEvent event) {
        return event.data().path("fetchId").asText();
    }

    public JsonPath fetches() {
        return listed().jsonPath();
    }

    /** For what is asked often: each expression of a {@link JsonPath} is compiled anew whenever it is evaluated. */
    private List<JsonNode> fetchesAsJson() {
        try {
            List<JsonNode> all = new ArrayList<>();
            JSON.readTree(listed().asString()).path("fetches").forEach(all::add);
            return all;
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ExtractableResponse<Response> listed() {
        return as("viewer")
                .get("/api/fetches?connection=" + id)
                .then()
                .statusCode(200)
                .extract();
    }

    /** What the load status tells of a day: its status and why. */
    public String dayAgo(int days) {
        LocalDate day = clock.now().atOffset(ZoneOffset.UTC).toLocalDate().minusDays(days);
        JsonPath status = as("viewer")
                .get("/api/load-status?connection=%s&from=%s&to=%s".formatted(id, day, day))
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        return status.getString("connections[0].days[0].status") + " "
                + status.getString("connections[0].days[0].code");
    }

    /** Waits until the newest fetch is in that state, with that code; null for none. */
    public void awaitNewest(String state, String code) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<JsonNode> all = fetchesAsJson();
            assertThat(all).isNotEmpty();
            assertThat(all.get(0).path("state").asText()).isEqualTo(state);
            assertThat(all.get(0).path("code").asText(null)).isEqualTo(code);
        });
    }

    /** Waits until the newest fetch has read that many pages. */
    public void awaitPages(int pages) {
        await().atMost(PATIENCE).until(() -> {
            List<JsonNode> all = fetchesAsJson();
            return !all.isEmpty() && all.get(0).path("pages").asInt() >= pages;
        });
    }

    public static RequestSpecification as(String role, String... tenants) {
        return RestAssured.given()
                .auth()
                .oauth2(SandboxProcess.shared().token(role, tenants))
                .contentType("application/json");
    }

    private Instant inAYear() {
        return clock.now().plus(Duration.ofDays(365));
    }

    @Override
    public void close() {
        amazon.faults("[]");
        producer.close();
        events.close();
    }
}
