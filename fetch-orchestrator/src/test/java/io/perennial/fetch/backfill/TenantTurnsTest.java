package io.perennial.fetch.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TenantTurnsTest {
    private final TenantTurns turns = new TenantTurns();

    @Test
    void tenants_take_turns_however_many_fetches_each_has() {
        List<DueFetch> due = new ArrayList<>(fetches("large", 100, FetchPriority.ROUTINE));
        due.addAll(fetches("small", 3, FetchPriority.ROUTINE));
        due.addAll(fetches("tiny", 1, FetchPriority.ROUTINE));
        assertThat(turns.take(due, 6, List.of()))
                .extracting(DueFetch::tenantId)
                .containsExactlyInAnyOrder("large", "small", "tiny", "large", "small", "large");
    }

    @Test
    void who_waits_for_a_fetch_comes_before_routine_and_routine_before_imports() {
        List<DueFetch> due = new ArrayList<>(fetches("a", 5, FetchPriority.IMPORTED));
        due.addAll(fetches("b", 5, FetchPriority.ROUTINE));
        due.addAll(fetches("a", 2, FetchPriority.AWAITED));
        assertThat(turns.take(due, 8, List.of()))
                .extracting(DueFetch::priority)
                .containsExactly(
                        FetchPriority.AWAITED,
                        FetchPriority.AWAITED,
                        FetchPriority.ROUTINE,
                        FetchPriority.ROUTINE,
                        FetchPriority.ROUTINE,
                        FetchPriority.ROUTINE,
                        FetchPriority.ROUTINE,
                        FetchPriority.IMPORTED);
    }

    @Test
    void a_connection_has_one_fetch_at_a_time() {
        UUID connection = UUID.randomUUID();
        UUID busy = UUID.randomUUID();
        List<DueFetch> due = List.of(
                new DueFetch(UUID.randomUUID(), connection, "t", FetchPriority.AWAITED),
                new DueFetch(UUID.randomUUID(), connection, "t", FetchPriority.ROUTINE),
                new DueFetch(UUID.randomUUID(), busy, "t", FetchPriority.AWAITED));
        assertThat(turns.take(due, 10, List.of(busy))).containsExactly(due.get(0));
    }

    @Test
    void nobody_is_idle_while_anything_is_due() {
        List<DueFetch> due = fetches("alone", 30, FetchPriority.ROUTINE);
        assertThat(turns.take(due, 10, List.of())).hasSize(10);
        IntStream.range(0, 1000).forEach(page -> turns.charge("alone"));
        assertThat(turns.take(due, 10, List.of())).hasSize(10);
    }

    @Test
    void who_was_alone_owes_nothing_to_who_comes_later() {
        List<DueFetch> due = new ArrayList<>(fetches("early", 30, FetchPriority.ROUTINE));
        turns.take(due, 10, List.of());
        IntStream.range(0, 1000).forEach(page -> turns.charge("early"));
        due.addAll(fetches("late", 30, FetchPriority.ROUTINE));
        assertThat(turns.take(due, 10, List.of()))
                .extracting(DueFetch::tenantId)
                .filteredOn("early"::equals)
                .hasSize(5);
    }

    /** One tenant's fetches read fourteen pages in one go, another's one; a third has ten times as many as anybody. */
    @Test
    void tenants_share_the_workers_page_by_page() {
        Map<String, Integer> pagesPerGo = Map.of("long", 14, "short", 1, "many", 4);
        List<DueFetch> due = new ArrayList<>(fetches("long", 50, FetchPriority.ROUTINE));
        due.addAll(fetches("short", 500, FetchPriority.ROUTINE));
        due.addAll(fetches("many", 5000, FetchPriority.ROUTINE));
        Map<String, Integer> read = new HashMap<>();
        while (read.values().stream().mapToInt(Integer::intValue).sum() < 1200) {
            List<DueFetch> taken = turns.take(due, 4, List.of());
            for (DueFetch fetch : taken) {
                int pages = pagesPerGo.get(fetch.tenantId());
                IntStream.range(1, pages).forEach(page -> turns.charge(fetch.tenantId()));
                read.merge(fetch.tenantId(), pages, Integer::sum);
            }
            due.removeAll(taken);
        }
        assertThat(jain(read.values())).as("%s", read).isGreaterThan(0.99);
    }

    private static double jain(Collection<Integer> shares) {
        double sum = shares.stream().mapToDouble(share -> share).sum();
        double squares =
                shares.stream().mapToDouble(share -> (double) share * share).sum();
        return sum * sum / (shares.size() * squares);
    }

    private static List<DueFetch> fetches(String tenant, int count, FetchPriority priority) {
        return IntStream.range(0, count)
                .mapToObj(i -> new DueFetch(UUID.randomUUID(), UUID.randomUUID(), tenant, priority))
                .toList();
    }
}
