package io.perennial.fetch.orders;

import io.perennial.clock.DomainClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Amazon's time where it is behind ours, by the {@code Date} header of its last answer in each region. */
@ApplicationScoped
public class ProviderTime {
    // A larger difference is no drifting clock but a header that says nothing about Amazon's (a cache, a proxy).
    private static final Duration PLAUSIBLE = Duration.ofMinutes(10);

    private final Map<String, Duration> behind = new ConcurrentHashMap<>();
    private final DomainClock clock;

    ProviderTime(DomainClock clock) {
        this.clock = clock;
    }

    /** The domain clock, or Amazon's time where that is earlier. */
    public Instant now(String region) {
        return clock.instant().minus(behind.getOrDefault(region, Duration.ZERO));
    }

    void observe(String region, @Nullable String dateHeader) {
        if (dateHeader == null) {
            return;
        }
        try {
            Instant theirs = ZonedDateTime.parse(dateHeader, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration difference = Duration.between(theirs, clock.instant());
            boolean behindUs = !difference.isNegative() && difference.compareTo(PLAUSIBLE) <= 0;
            behind.put(region, behindUs ? difference : Duration.ZERO);
        } catch (DateTimeException e) {
            behind.remove(region);
        }
    }
}
