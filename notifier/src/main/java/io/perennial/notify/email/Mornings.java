package io.perennial.notify.email;

import io.perennial.clock.DomainClock;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/** When mails leave that can wait: in the morning of whoever reads them, so that one mail collects what is open. */
@Singleton
public class Mornings {
    private final MailConfig config;
    private final DomainClock clock;

    Mornings(MailConfig config, DomainClock clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * When a mail about something of this instant may leave; maybe an instant of the past, which means at once.
     *
     * <p>Where somebody moved the clock, mornings come by moving it and not by waiting: there a mail is held back only
     * for a moment, in which the other news of the same move come in.
     *
     * @param zone name in the IANA database; UTC for none and for one that this machine does not know
     */
    public Instant opens(Instant since, @Nullable String zone) {
        return clock.offset().isZero()
                ? first(since, zone(zone), config.morning())
                : clock.instant().plus(config.settle());
    }

    /**
     * The first such time of day in the zone that is not before the instant. Where clocks skip it, that long after the
     * skip as it lies within it; where they show it twice, the first.
     */
    static Instant first(Instant notBefore, ZoneId zone, LocalTime time) {
        ZonedDateTime local = notBefore.atZone(zone);
        Instant today = local.toLocalDate().atTime(time).atZone(zone).toInstant();
        return today.isBefore(notBefore)
                ? local.toLocalDate().plusDays(1).atTime(time).atZone(zone).toInstant()
                : today;
    }

    static ZoneId zone(@Nullable String name) {
        try {
            return name == null ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (DateTimeException e) {
            return ZoneOffset.UTC;
        }
    }
}
