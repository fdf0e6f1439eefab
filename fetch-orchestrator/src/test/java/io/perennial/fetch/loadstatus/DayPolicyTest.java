package io.perennial.fetch.loadstatus;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ViewState;
import io.perennial.fetch.loadstatus.DayPolicy.Attempt;
import io.perennial.fetch.watermark.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DayPolicyTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z");
    private static final Interval DAY = new Interval(MIDNIGHT, MIDNIGHT.plus(Duration.ofDays(1)));

    @Test
    void of_a_store_without_a_single_order_each_day_that_was_read_says_so() {
        ConnectionView store = new ConnectionView(
                UUID.randomUUID(), "t", "x", Provider.AMAZON_SELLER, Region.EU, 1, List.of(), ViewState.ACTIVE, true);
        assertThat(DayPolicy.verdict(store, DayRead.ALL, List.of(), DAY))
                .isEqualTo(new DayPolicy.Verdict(DayStatus.COMPLETE, "NO_ORDERS_AT_ALL"));
        assertThat(DayPolicy.verdict(store, DayRead.SOME, List.of(), DAY).code())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            textBlock =
                    """
                    # provider,     connection, read,    attempts,         status,      code
                    AMAZON_SELLER,  ACTIVE,     ALL,     -,                COMPLETE,    -
                    AMAZON_SELLER,  EXPIRED,    ALL,     -,                COMPLETE,    -
                    AMAZON_SELLER,  ACTIVE,     ALL,     FAILED,           COMPLETE,    -
                    AMAZON_SELLER,  ACTIVE,     SOME,    -,                PARTIAL,     -
                    AMAZON_SELLER,  ACTIVE,     SOME,    RUNNING,          RUNNING,     WHY
                    AMAZON_SELLER,  ACTIVE,     NOTHING, WAITING,          RUNNING,     WHY
                    AMAZON_SELLER,  EXPIRED,    NOTHING, PARKED,           PARKED,      WHY
                    AMAZON_SELLER,  ACTIVE,     NOTHING, FAILED RUNNING,   RUNNING,     WHY
                    AMAZON_SELLER,  ACTIVE,     NOTHING, FAILED,           FAILED,      WHY
                    AMAZON_SELLER,  ACTIVE,     LOST,    -,                FAILED,      HISTORY_LOST
                    AMAZON_SELLER,  ACTIVE,     LOST,    RUNNING,          RUNNING,     WHY
                    AMAZON_SELLER,  EXPIRED,    NOTHING, -,                NO_ACCESS,   CONNECTION_EXPIRED
                    AMAZON_SELLER,  REVOKED,    NOTHING, -,                NO_ACCESS,   CONNECTION_REVOKED
                    AMAZON_SELLER,  ACTIVE,     NOTHING, -,                NONE,        -
                    AMAZON_SELLER,  PENDING,    NOTHING, -,                NONE,        -
                    AMAZON_VENDOR,  ACTIVE,     NOTHING, -,                NOT_OFFERED, -
                    """)
    void what_was_read_counts_first_then_who_is_reading_then_why_nobody_is(
            Provider provider, ViewState state, DayRead read, String attempts, DayStatus status, String code) {
        ConnectionView connection =
                new ConnectionView(UUID.randomUUID(), "t", "x", provider, Region.EU, 1, List.of(), state, false);
        List<Attempt> tried =
                words(attempts).map(name -> new Attempt(name, DAY, "WHY")).toList();
        assertThat(DayPolicy.verdict(connection, read, tried, DAY)).isEqualTo(new DayPolicy.Verdict(status, code));
    }

    private static Stream<String> words(String text) {
        return text == null ? Stream.of() : Stream.of(text.split(" "));
    }
}
