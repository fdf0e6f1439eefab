package io.perennial.fetch.loadstatus;

import io.perennial.bench.lab.Wiring;
import java.time.Duration;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Pages of the load status as the service answers them, without HTTP. */
public final class StatusPages {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LoadStatus status;

    public StatusPages(Wiring service) {
        this.status = service.get(LoadStatus.class);
    }

    /**
     * Reads the page after a connection.
     *
     * @param of tenant whose connections are shown; null for all of them
     * @param tenant with {@code after}: what was shown last
     * @return how many days of how many connections are on it
     */
    public int read(@Nullable String of, String tenant, UUID after, int connections, LocalDate first, LocalDate last) {
        LoadStatus.Filter filter = new LoadStatus.Filter(
                of == null ? null : new String[] {of}, null, new LoadStatus.After(tenant, after), connections);
        return status.find(filter, first, last).await().atMost(PATIENCE).connections().stream()
                .mapToInt(connection -> connection.days().size())
                .sum();
    }
}
