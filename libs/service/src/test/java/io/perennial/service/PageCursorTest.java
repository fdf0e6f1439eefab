package io.perennial.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.problem.ProblemException;
import java.util.List;
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
