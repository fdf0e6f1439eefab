package io.perennial.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.problem.ProblemException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageCursorTest {
    @Test
    void sort_key_survives_the_journey() {
        assertThat(PageCursor.decode(PageCursor.encode("2026-01-01T00:00:00Z", 7), 2))
                .isEqualTo(List.of("2026-01-01T00:00:00Z", "7"));
        assertThat(PageCursor.decode(null, 2)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "a", "AAAA", "YQ"})
    void garbage_is_refused_by_name(String cursor) {
        assertThatThrownBy(() -> PageCursor.decode(cursor, 2))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.errors()).extracting("field").containsExactly("cursor"));
    }

    @Test
    void a_cursor_of_one_part_is_read_or_refused() {
        String three = PageCursor.encode(3);
        assertThat(PageCursor.<Long>decode(three, Long::valueOf)).isEqualTo(3L);
        assertThat(PageCursor.<Long>decode(null, Long::valueOf)).isNull();
        assertThatThrownBy(() -> PageCursor.decode(three, UUID::fromString)).isInstanceOf(ProblemException.class);
    }

    @Test
    void a_parameter_that_can_not_be_read_is_refused_by_its_name() {
        assertThat(QueryText.instant("from", "2027-01-15T00:00:00Z")).isEqualTo(Instant.parse("2027-01-15T00:00:00Z"));
        assertThat(QueryText.constant("unit", "DAYS", ChronoUnit.class)).isEqualTo(ChronoUnit.DAYS);
        assertThat(QueryText.limit("7")).isEqualTo(7);
        assertThat(QueryText.limit(null)).isEqualTo(50);
        assertRefused("from", () -> QueryText.instant("from", "yesterday"));
        assertRefused("unit", () -> QueryText.constant("unit", "days", ChronoUnit.class));
        assertRefused("limit", () -> QueryText.limit("many"));
        assertRefused("limit", () -> QueryText.limit("0"));
    }

    private static void assertRefused(String field, ThrowingCallable reading) {
        assertThatThrownBy(reading).isInstanceOfSatisfying(ProblemException.class, e -> assertThat(e.errors())
                .extracting("field")
                .containsExactly(field));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 201, 1_000_000_000})
    void limit_has_bounds(int limit) {
        assertThatThrownBy(() -> PageCursor.limit(limit)).isInstanceOf(ProblemException.class);
    }

    @Test
    void idempotency_key_tells_requests_apart() {
        IdempotencyKey first = IdempotencyKey.of("k-1", "request");

        assertThat(IdempotencyKey.of("k-1", "request")).isEqualTo(first);
        assertThat(IdempotencyKey.of(null, "request")).isNull();
        assertThatThrownBy(() -> first.requireSameRequest("other")).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> IdempotencyKey.of("a b", "request")).isInstanceOf(ProblemException.class);
    }
}
