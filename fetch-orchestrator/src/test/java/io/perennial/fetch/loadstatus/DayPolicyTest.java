package io.perennial.fetch.loadstatus;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ViewState;
import io.perennial.fetch.loadstatus.DayPolicy.Attempt;
import io.perennial.fetch.watermark.Coverage;
import io.perennial.fetch.watermark.Interval;
import io.perennial.fetch.watermark.IntervalSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DayPolicyTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z");
    private static final Interval DAY = new Interval(MIDNIGHT, MIDNIGHT.plus(Duration.ofDays(1)));

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            textBlock =
                    """
                    # provider,     connection, covered hours (per marketplace), attempts,         status,      code
                    AMAZON_SELLER,  ACTIVE,     24 24,                           -,                COMPLETE,    -
                    AMAZON_SELLER,  EXPIRED,    24 24,                           -,                COMPLETE,    -
                    AMAZON_SELLER,  ACTIVE,     24 24,                           FAILED,           COMPLETE,    -
                    AMAZON_SELLER,  ACTIVE,     24 12,                           -,                PARTIAL,     -
                    AMAZON_SELLER,  ACTIVE,     24 0,                            -,                PARTIAL,     -
                    AMAZON_SELLER,  ACTIVE,     24 12,                           RUNNING,          RUNNING,     WHY
                    AMAZON_SELLER,  ACTIVE,     0 0,                             WAITING,          RUNNING,     WHY
                    AMAZON_SELLER,  EXPIRED,    0 0,                             PARKED,           PARKED,      WHY
                    AMAZON_SELLER,  ACTIVE,     0 0,                             FAILED RUNNING,   RUNNING,     WHY
                    AMAZON_SELLER,  ACTIVE,     0 0,                             FAILED,           FAILED,      WHY
                    AMAZON_SELLER,  EXPIRED,    0 0,                             -,                NO_ACCESS,   CONNECTION_EXPIRED
                    AMAZON_SELLER,  REVOKED,    0 0,                             -,                NO_ACCESS,   CONNECTION_REVOKED
                    AMAZON_SELLER,  ACTIVE,     0 0,                             -,                NONE,        -
                    AMAZON_SELLER,  PENDING,    -,                               -,                NONE,        -
                    AMAZON_VENDOR,  ACTIVE,     -,                               -,                NOT_OFFERED, -
                    """)
    void what_was_read_counts_first_then_who_is_reading_then_why_nobody_is(
            Provider provider, ViewState state, String hours, String attempts, DayStatus status, String code) {
        ConnectionView connection =
                new ConnectionView(UUID.randomUUID(), "t", "x", provider, Region.EU, 1, List.of(), state);
        List<Coverage> coverage =
                words(hours).map(Integer::parseInt).map(DayPolicyTest::covered).toList();
        List<Attempt> tried =
                words(attempts).map(name -> new Attempt(name, DAY, "WHY")).toList();
        assertThat(DayPolicy.verdict(connection, coverage, tried, DAY)).isEqualTo(new DayPolicy.Verdict(status, code));
    }

    private static Coverage covered(int hours) {
        IntervalSet read = hours == 0
                ? IntervalSet.EMPTY
                : IntervalSet.of(new Interval(MIDNIGHT, MIDNIGHT.plus(Duration.ofHours(hours))));
        return new Coverage(MIDNIGHT, read);
    }

    private static Stream<String> words(String text) {
        return text == null ? Stream.of() : Stream.of(text.split(" "));
    }
}
