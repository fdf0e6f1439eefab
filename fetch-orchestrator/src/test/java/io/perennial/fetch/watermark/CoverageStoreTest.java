package io.perennial.fetch.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.fetch.MigratedDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CoverageStoreTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00.123456Z");

    private static MigratedDatabase database;

    private final CoverageStore store = new CoverageStore();
    private final UUID connection = UUID.randomUUID();

    @BeforeAll
    static void migrate() {
        database = new MigratedDatabase("fetch_coverage");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void the_database_unites_windows_as_the_policy_does() {
        Random random = new Random(3);
        IntervalSet expected = IntervalSet.EMPTY;
        begin();
        for (int i = 0; i < 60; i++) {
            int from = random.nextInt(500);
            Interval window = new Interval(at(from), at(from + 1 + random.nextInt(20)));
            expected = expected.plus(List.of(window));
            add(window);
            assertThat(find().get("DE")).isEqualTo(new Coverage(at(0), expected));
        }
    }

    @Test
    void a_marketplace_keeps_the_origin_it_began_with() {
        begin();
        database.pool()
                .withTransaction(tx -> store.begin(tx, connection, List.of("DE", "FR"), at(99)))
                .await()
                .indefinitely();
        assertThat(find().get("DE").origin()).isEqualTo(at(0));
        assertThat(find().get("FR").origin()).isEqualTo(at(99));
    }

    @Test
    void a_connection_without_coverage_is_absent() {
        assertThat(find()).isEmpty();
    }

    @Test
    void a_loss_is_kept_beside_what_was_read_and_the_watermark_passes_over_it() {
        begin();
        add(new Interval(at(0), at(10)));
        lose(new Interval(at(10), at(30)));
        add(new Interval(at(30), at(40)));
        Coverage coverage = find().get("DE");
        assertThat(coverage.read())
                .isEqualTo(IntervalSet.of(new Interval(at(0), at(10)), new Interval(at(30), at(40))));
        assertThat(coverage.lost()).isEqualTo(IntervalSet.of(new Interval(at(10), at(30))));
        assertThat(coverage.watermark()).isEqualTo(at(40));
    }

    @Test
    void a_load_of_a_past_window_never_lowers_the_watermark() {
        begin();
        add(new Interval(at(0), at(100)));
        add(new Interval(at(-50), at(-20)));
        add(new Interval(at(10), at(20)));
        assertThat(find().get("DE").watermark()).isEqualTo(at(100));
    }

    @Test
    void marketplaces_that_are_named_later_have_what_was_read_of_all() {
        begin("*", 0);
        add("*", new Interval(at(0), at(100)));
        begin("DE", 70);
        assertThat(find().get("DE")).isEqualTo(new Coverage(at(0), IntervalSet.of(new Interval(at(0), at(100)))));
        add("*", new Interval(at(100), at(120)));
        assertThat(find().get("DE").watermark())
                .as("a window of all that was under way")
                .isEqualTo(at(120));
        add("DE", new Interval(at(120), at(130)));
        assertThat(find().get("*").watermark()).isEqualTo(at(120));
    }

    @Test
    void a_window_of_a_marketplace_that_has_not_begun_is_not_its_origin() {
        begin("FR", 0);
        add("DE", new Interval(at(90), at(100)));
        assertThat(find()).containsOnlyKeys("FR");
        begin("DE", 0);
        assertThat(find().get("DE").watermark()).isEqualTo(at(0));
    }

    private void lose(Interval window) {
        database.pool()
                .withTransaction(tx -> store.lose(tx, connection, List.of("DE"), window))
                .await()
                .indefinitely();
    }

    private void begin() {
        begin("DE", 0);
    }

    private void begin(String marketplace, int origin) {
        database.pool()
                .withTransaction(tx -> store.begin(tx, connection, List.of(marketplace), at(origin)))
                .await()
                .indefinitely();
    }

    private void add(Interval window) {
        add("DE", window);
    }

    private void add(String marketplace, Interval window) {
        database.pool()
                .withTransaction(tx -> store.add(tx, connection, List.of(marketplace), window))
                .await()
                .indefinitely();
    }

    private Map<String, Coverage> find() {
        return database.pool()
                .withTransaction(tx -> store.find(tx, List.of(connection)))
                .await()
                .indefinitely()
                .getOrDefault(connection, Map.of());
    }

    private static Instant at(int minutes) {
        return START.plusSeconds(60L * minutes);
    }
}
