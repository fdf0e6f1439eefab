package io.perennial.monitor.expiry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.EventType;
import io.perennial.contracts.RenewalOverdue;
import io.perennial.contracts.TokenExpiring;
import io.perennial.monitor.MonitorDatabase;
import io.perennial.outbox.Rendering.Values;
import io.perennial.testsupport.Database;
import io.perennial.testsupport.PerennialExtension;
import io.perennial.testsupport.TestDatabase;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PerennialExtension.class)
class DueConnectionsTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00.123456Z");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AnnouncementRendering RENDERING = new AnnouncementRendering();

    private static MonitorDatabase database;
    private static DueConnections due;

    @BeforeAll
    static void migrate(@Database("monitor_due") TestDatabase empty) {
        database = new MonitorDatabase(empty);
        due = new DueConnections(database.pool(), 0.5);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void clear() {
        database.query("truncate watched_connection, watched_end, tenant_plan, outbox");
    }

    @Test
    void nothing_due_announces_nothing() {
        database.watch(START.plus(Duration.ofDays(365)));

        assertThat(announce(START).none()).isTrue();
        assertThat(told()).isEmpty();
    }

    @Test
    void a_look_announces_what_is_due_once_and_nothing_else() {
        database.watch(START.plus(Duration.ofDays(365)));

        assertThat(look().none()).isTrue();

        database.watch(START.plus(Duration.ofDays(30)));

        assertThat(look().total()).isEqualTo(1);
        assertThat(look().none()).isTrue();
        assertThat(told()).containsExactly("30: 30 left");
    }

    @Test
    void a_year_and_its_weeks_announce_each_stage_exactly_once() {
        database.watch(START.plus(Duration.ofDays(365)));

        announce(START.plus(Duration.ofDays(334)));
        for (int week = 0; week < 20; week++) {
            Instant now = START.plus(Duration.ofDays(335 + 7L * week)).plusSeconds(3);
            announce(now);
            announce(now);
        }

        assertThat(told())
                .containsExactly(
                        "30: 30 left",
                        "23: 23 left",
                        "16: 16 left",
                        "9: 9 left",
                        "2: 2 left",
                        "0: -5 left",
                        "week 1",
                        "week 2",
                        "week 3",
                        "week 4",
                        "week 5",
                        "week 6",
                        "week 7",
                        "week 8");
        assertThat(database.query("select next_due_at from watched_connection"))
                .singleElement()
                .satisfies(row -> assertThat(row.getOffsetDateTime(0)).isNull());
        assertThat(listed()).isEmpty();
    }

    @Test
    void weeks_of_downtime_are_one_announcement_with_the_true_days_left() {
        Instant end = START.plus(Duration.ofDays(52)).plus(Duration.ofHours(6));
        database.watch(end);

        announce(START.plus(Duration.ofDays(40)));
        announce(START.plus(Duration.ofDays(40)));

        assertThat(told()).containsExactly("16: 13 left");
        assertThat(nextDue()).isEqualTo(end.minus(Duration.ofDays(9)));
    }

    @Test
    void a_jump_far_beyond_the_end_is_one_overdue_week() {
        database.watch(START.plus(Duration.ofDays(10)));

        announce(START.plus(Duration.ofDays(60)));

        assertThat(told()).containsExactly("week 7");
    }

    @Test
    void the_oldest_are_announced_first_and_no_more_than_asked_for() {
        UUID late = database.watch(START.plus(Duration.ofDays(25)));
        UUID later = database.watch(START.plus(Duration.ofDays(20)));
        database.watch(START.plus(Duration.ofDays(29)));

        Announcements announced = due.announce(START, 2).await().atMost(PATIENCE);

        assertThat(announced.total()).isEqualTo(2);
        assertThat(announced.lag(START)).isEqualTo(Duration.ofDays(10));
        assertThat(database.query("select message_key from outbox order by id"))
                .extracting(row -> row.getString(0))
                .containsExactly(later.toString(), late.toString());
    }

    @Test
    void the_event_is_one_that_every_reader_of_the_contract_can_read() {
        Instant end = START.plus(Duration.ofDays(9));
        UUID id = database.watch(end);

        announce(START);

        EventEnvelope event = events().get(0);
        assertThat(event.type()).isEqualTo(EventType.TOKEN_EXPIRING);
        assertThat(event.source()).isEqualTo("/perennial/token-monitor");
        assertThat(event.time()).isEqualTo(START);
        assertThat(event.sequence()).isEqualTo(1);
        assertThat(event.id().version()).isEqualTo(7);
        assertThat(event.traceparent()).matches("trace-(01)?");
        TokenExpiring data = (TokenExpiring) event.data();
        assertThat(data.about().connectionId()).isEqualTo(id);
        assertThat(data.about().tenantId()).isEqualTo("acme");
        assertThat(data.about().externalId()).isEqualTo("shop");
        assertThat(data.about().generation()).isEqualTo(1);
        assertThat(data.about().occurredAt()).isEqualTo(START);
        assertThat(data.endsAtSource()).isEqualTo(EndsAtSource.RULE);
        assertThat(data.stage()).isEqualTo(9);
        assertThat(data.daysLeft()).isEqualTo(9);
        assertThat(data.endsAt()).isEqualTo(end);
    }

    @Test
    void names_may_hold_anything_and_an_end_is_exact_to_the_microsecond() {
        database.watch(Instant.parse("2026-11-22T10:00:00.000001Z"));
        database.query(
                "update watched_connection set tenant_id = $1, external_id = $2, ends_at_source = 'ESTIMATE'",
                "a\t\"7\",😀",
                "\n\\ 5\tb ");

        announce(START);

        TokenExpiring data = (TokenExpiring) events().get(0).data();
        assertThat(data.endsAtSource()).isEqualTo(EndsAtSource.ESTIMATE);
        assertThat(data.about().tenantId()).isEqualTo("a\t\"7\",😀");
        assertThat(data.about().externalId()).isEqualTo("\n\\ 5\tb ");
        assertThat(data.endsAt()).isEqualTo("2026-11-22T10:00:00.000001Z");
    }

    @Test
    void sequences_grow_with_each_announcement_of_a_connection() {
        database.watch(START.plus(Duration.ofDays(30)));

        announce(START);
        announce(START.plus(Duration.ofDays(7)));

        assertThat(events()).extracting(EventEnvelope::sequence).containsExactly(1L, 2L);
        assertThat(events()).extracting(EventEnvelope::id).doesNotHaveDuplicates();
    }

    @Test
    void a_revoked_grant_is_overdue_from_its_death_on() {
        UUID id = database.watch(START.plus(Duration.ofDays(200)));
        database.query(
                "update watched_connection set state = 'REVOKED', revoked_at = $1, told = 0, next_due_at = $2",
                utc(START),
                utc(START.plus(Duration.ofDays(7))));

        for (int day = 0; day < 400; day++) {
            announce(START.plus(Duration.ofDays(day)));
        }

        assertThat(told())
                .containsExactly("week 1", "week 2", "week 3", "week 4", "week 5", "week 6", "week 7", "week 8");
        assertThat(events()).allSatisfy(event -> assertThat(((RenewalOverdue) event.data()).endsAt())
                .isEqualTo(START.plus(Duration.ofDays(200))));
        assertThat(id).isNotNull();
    }

    @Test
    void the_statement_decides_as_the_policy_does_in_thousands_of_random_cases() {
        Random random = new Random(42);
        Map<UUID, Case> cases = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            Case one = Case.random(random);
            cases.put(one.id(), one);
        }
        insert(List.copyOf(cases.values()));
        Case.OF_TENANTS.forEach((tenant, chosen) -> choose(tenant, chosen));

        announce(START);

        Map<UUID, EventEnvelope> events = new HashMap<>();
        events().forEach(event -> assertThat(events.put(event.about().connectionId(), event))
                .as("announced once")
                .isNull());
        int compared = 0;
        for (Row row : database.query("select connection_id, told, next_due_at from watched_connection")) {
            Case one = cases.get(row.getUUID(0));
            ExpiryPolicy policy = one.policy();
            int reached = policy.reached(one.anchor(), START).map(Stage::day).orElse(ExpiryPolicy.NOTHING);
            boolean isDue = reached > one.told();
            int expected = isDue ? reached : one.told();
            assertThat(row.getInteger(1)).as("%s", one).isEqualTo(expected);
            assertThat(java.util.Optional.ofNullable(row.getOffsetDateTime(2)).map(OffsetDateTime::toInstant))
                    .as("%s", one)
                    .isEqualTo(policy.dueAt(one.anchor(), expected));
            assertThat(events.containsKey(one.id())).as("%s", one).isEqualTo(isDue);
            if (isDue) {
                compared++;
                assertSame(one, Stage.ofDay(reached), events.get(one.id()));
            }
        }
        assertThat(compared).isGreaterThan(1_500);
    }

    @Test
    void a_stage_that_its_tenant_has_given_up_is_passed_over_in_silence() {
        Instant end = START.plus(Duration.ofDays(16));
        database.watch(end);
        database.query(
                "update watched_connection set told = -23, next_due_at = $1", utc(end.minus(Duration.ofDays(16))));
        choose("acme", ExpiryPolicy.of(List.of(23, 2, 0), 8));

        Announcements looked = announce(START);

        assertThat(looked.examined()).isEqualTo(1);
        assertThat(looked.total()).isZero();
        assertThat(told()).isEmpty();
        assertThat(nextDue()).isEqualTo(end.minus(Duration.ofDays(2)));
    }

    @Test
    void a_poison_row_is_set_aside_with_its_reason_and_the_others_of_its_batch_go_on() {
        for (int i = 0; i < 40; i++) {
            database.watch(START.plus(Duration.ofDays(i % 9)));
        }
        UUID poison = database.watch(START);
        database.query("update watched_connection set ends_at = '-infinity' where connection_id = $1", poison);

        Announcements announced = loopless(START);

        assertThat(announced.total()).isEqualTo(40);
        Row row = database.query("select * from watched_connection where set_aside_at is not null")
                .get(0);
        assertThat(row.getUUID("connection_id")).isEqualTo(poison);
        assertThat(row.getString("set_aside_because")).startsWith("0A000 ").contains("infinity");
        assertThat(row.getOffsetDateTime("next_due_at")).isNull();
        assertThat(listed()).hasSize(40).doesNotContain(poison);
        assertThat(announce(START).none()).isTrue();
        assertThat(due.counts().await().atMost(PATIENCE).setAside()).isEqualTo(1);
    }

    @Test
    void what_is_wrong_with_every_row_is_blamed_on_a_few_at_a_time() {
        for (int i = 0; i < 40; i++) {
            database.watch(START);
        }
        database.query("update watched_connection set ends_at = '-infinity'");

        assertThatThrownBy(() -> loopless(START)).hasMessageContaining("infinity");

        assertThat(database.query("select 1 from watched_connection where set_aside_at is not null"))
                .hasSize(10);
    }

    @Test
    void a_database_that_refuses_is_no_fault_of_a_row() {
        database.watch(START);
        database.query("alter table outbox rename to hidden");
        try {
            assertThatThrownBy(() -> loopless(START)).isInstanceOf(PgException.class);
        } finally {
            database.query("alter table hidden rename to outbox");
        }

        assertThat(database.query("select 1 from watched_connection where set_aside_at is not null"))
                .isEmpty();
        assertThat(announce(START).total()).isEqualTo(1);
    }

    @Test
    void how_late_each_was_is_told_apart() {
        for (int i = 0; i < 50; i++) {
            database.watch(START.plus(Duration.ofDays(30)).minusMillis(500));
        }
        database.watch(START.plus(Duration.ofDays(30)).minusSeconds(3_700));

        Announcements announced = announce(START);

        assertThat(announced.some()).hasSize(2);
        assertThat(announced.lag(START)).isEqualTo(Duration.ofSeconds(3_700));
    }

    @Test
    void two_replicas_announce_each_stage_once() {
        database.watchMany(20_000, START.plus(Duration.ofDays(1)), START.plus(Duration.ofDays(29)));
        Pool other = database.newPool();

        CompletableFuture<Long> first = drain(due);
        CompletableFuture<Long> second = drain(new DueConnections(other, 0));

        assertThat(first.join() + second.join()).isEqualTo(20_000);
        Row counted = database.query(
                        """
                        select count(*) as events, count(distinct message_key) as connections,
                               count(distinct event_id) as ids, max(sequence) as sequence
                        from outbox
                        """)
                .get(0);
        assertThat(counted.toJson().getMap())
                .containsOnly(
                        Map.entry("events", 20_000L),
                        Map.entry("connections", 20_000L),
                        Map.entry("ids", 20_000L),
                        Map.entry("sequence", 1L));
        other.close().await().atMost(PATIENCE);
    }

    @Test
    void rows_that_another_transaction_holds_are_left_for_the_next_look() {
        database.watch(START);
        database.watch(START);
        String locked = "select connection_id from watched_connection order by connection_id limit 1 for update";

        Announcements meanwhile = database.pool()
                .withTransaction(
                        transaction -> transaction.query(locked).execute().chain(() -> due.announce(START, 10)))
                .await()
                .atMost(PATIENCE);

        assertThat(meanwhile.total()).isEqualTo(1);
        assertThat(announce(START).total()).isEqualTo(1);
    }

    /** Rows are found again by their place, and a place is not a name. */
    @Test
    void a_row_that_is_not_due_is_not_touched_wherever_it_stands() {
        database.watch(START.plus(Duration.ofDays(365)));
        String wrongPlaces = DueConnections.claim("select due.ctid from watched_connection due limit $2");

        int claimed = database.pool()
                .preparedQuery(wrongPlaces)
                .execute(DueConnections.parameters(ExpiryPolicy.standard(), START, 10, 0))
                .await()
                .atMost(PATIENCE)
                .size();

        assertThat(claimed).isZero();
        assertThat(told()).isEmpty();
    }

    private static CompletableFuture<Long> drain(DueConnections loop) {
        return CompletableFuture.supplyAsync(
                () -> {
                    long total = 0;
                    for (long batch = 1; batch > 0; total += batch) {
                        batch = loop.announce(START, 700)
                                .await()
                                .atMost(PATIENCE)
                                .total();
                    }
                    return total;
                },
                // the common pool's threads do not know the class loader of the test
                replica -> new Thread(replica).start());
    }

    private static Announcements look() {
        return due.look(START, 5_000).await().atMost(PATIENCE);
    }

    private static Announcements announce(Instant now) {
        return due.announce(now, 5_000).await().atMost(PATIENCE);
    }

    /** As a cycle of the loop does it. */
    private static Announcements loopless(Instant now) {
        return due.announce(now, 5_000)
                .onFailure(PoisonRows::blames)
                .recoverWithUni(() -> new PoisonRows(due).announceOthers(now, 5_000))
                .await()
                .atMost(PATIENCE);
    }

    private static void choose(String tenant, ExpiryPolicy chosen) {
        database.query(
                "insert into tenant_plan (tenant_id, days, sequence, changed_at) values ($1, $2, 1, $3)",
                tenant,
                chosen.days().toArray(Integer[]::new),
                utc(START));
    }

    /** The connections that are found by their ends. */
    private static List<UUID> listed() {
        return database.query("select connection_id from watched_end").stream()
                .map(row -> row.getUUID(0))
                .toList();
    }

    private static Instant nextDue() {
        return database.query("select next_due_at from watched_connection")
                .get(0)
                .getOffsetDateTime(0)
                .toInstant();
    }

    private static List<String> told() {
        List<String> told = new ArrayList<>();
        for (EventEnvelope event : events()) {
            told.add(
                    event.data() instanceof TokenExpiring expiring
                            ? expiring.stage() + ": " + expiring.daysLeft() + " left"
                            : "week " + ((RenewalOverdue) event.data()).week());
        }
        return told;
    }

    private static List<EventEnvelope> events() {
        String sql =
                """
                select topic, message_key, event_id, event_type, source, subject, event_time, sequence, traceparent, data
                from outbox order by id
                """;
        return database.query(sql).stream().map(DueConnectionsTest::event).toList();
    }

    private static EventEnvelope event(Row row) {
        assertThat(row.getString("event_type")).isEqualTo(RENDERING.name());
        assertThat(List.of(row.getString("topic"), row.getString("source"), row.getString("subject")))
                .containsOnly("");
        EventEnvelope event = RENDERING.render(new Values(
                row.getString("message_key"),
                row.getUUID("event_id"),
                row.getOffsetDateTime("event_time").toInstant(),
                row.getLong("sequence"),
                "trace-" + row.getString("traceparent"),
                row.getString("data")));
        assertThat(event.type().topic()).isEqualTo("perennial.expiry.v1");
        byte[] data = EventCodec.toJson(event.data()).getBytes(StandardCharsets.UTF_8);
        assertThat(EventCodec.decode(EventCodec.headers(event), data)).hasValue(event);
        return event;
    }

    private static void assertSame(Case one, Stage stage, EventEnvelope event) {
        if (stage instanceof Stage.Expiring expiring) {
            TokenExpiring data = (TokenExpiring) event.data();
            assertThat(data.stage()).as("%s", one).isEqualTo(expiring.days());
            assertThat(data.daysLeft()).as("%s", one).isEqualTo(ExpiryPolicy.daysLeft(one.endsAt(), START));
            assertThat(data.endsAt()).isEqualTo(one.endsAt());
        } else {
            RenewalOverdue data = (RenewalOverdue) event.data();
            assertThat(data.week()).as("%s", one).isEqualTo(((Stage.Overdue) stage).week());
            assertThat(data.endsAt()).isEqualTo(one.endsAt());
        }
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private void insert(List<Case> cases) {
        RowSet<Row> done = database.pool()
                .preparedQuery(
                        """
                        insert into watched_connection (connection_id, tenant_id, external_id, provider, region,
                            generation, label, state, ends_at, ends_at_source, revoked_at, told, next_due_at,
                            plan_sequence, changed_at)
                        select id, tenant, 'shop', 'AMAZON_ADS', 'NA', 3, 'Shop', 'ACTIVE', ends_at, 'RULE', revoked_at,
                               told, next_due_at, 1, ends_at
                        from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::int[], $5::timestamptz[],
                                    $6::text[])
                            as c(id, ends_at, revoked_at, told, next_due_at, tenant)
                        """)
                .execute(Tuple.of(
                        cases.stream().map(Case::id).toArray(UUID[]::new),
                        cases.stream().map(c -> utc(c.endsAt())).toArray(OffsetDateTime[]::new),
                        cases.stream()
                                .map(c -> c.revokedAt() == null ? null : utc(c.revokedAt()))
                                .toArray(OffsetDateTime[]::new),
                        cases.stream().map(Case::told).toArray(Integer[]::new),
                        cases.stream()
                                .map(c -> c.policy()
                                        .dueAt(c.anchor(), c.told())
                                        .map(DueConnectionsTest::utc)
                                        .orElse(null))
                                .toArray(OffsetDateTime[]::new),
                        cases.stream().map(Case::tenant).toArray(String[]::new)))
                .await()
                .atMost(PATIENCE);
        assertThat(done.rowCount()).isEqualTo(cases.size());
    }

    /** A row somewhere around {@code START}: on a boundary, a microsecond beside one, or anywhere. */
    private record Case(UUID id, String tenant, Instant endsAt, Instant revokedAt, int told) {
        private static final Map<String, ExpiryPolicy> OF_TENANTS = Map.of(
                "daily", ExpiryPolicy.of(List.of(5, 4, 3, 2, 1, 0), 2),
                "early", ExpiryPolicy.of(List.of(364, 90, 0), 8),
                "terse", ExpiryPolicy.of(List.of(0), 0));
        private static final List<String> TENANTS = List.of("acme", "daily", "early", "terse");

        static Case random(Random random) {
            String tenant = TENANTS.get(random.nextInt(TENANTS.size()));
            List<Integer> days =
                    OF_TENANTS.getOrDefault(tenant, ExpiryPolicy.standard()).days();
            Instant onBoundary = START.minus(days.get(random.nextInt(days.size())), ChronoUnit.DAYS);
            Instant anchor =
                    switch (random.nextInt(4)) {
                        case 0 -> onBoundary;
                        case 1 -> onBoundary.plus(1, ChronoUnit.MICROS);
                        case 2 -> onBoundary.minus(1, ChronoUnit.MICROS);
                        default ->
                            onBoundary.plus(
                                    random.nextLong(-3_000_000_000_000L, 3_000_000_000_000L), ChronoUnit.MICROS);
                    };
            // told by any plan, also by one that its tenant has given up
            int told = random.nextInt(3) == 0 ? ExpiryPolicy.NOTHING : random.nextInt(-40, 57);
            if (random.nextInt(5) == 0) {
                return new Case(
                        UUID.randomUUID(),
                        tenant,
                        anchor.plus(random.nextInt(300), ChronoUnit.DAYS),
                        anchor,
                        Math.max(told, ExpiryPolicy.THE_END));
            }
            return new Case(UUID.randomUUID(), tenant, anchor, null, told);
        }

        ExpiryPolicy policy() {
            return OF_TENANTS.getOrDefault(tenant, ExpiryPolicy.standard());
        }

        Instant anchor() {
            return revokedAt == null ? endsAt : revokedAt;
        }
    }
}
