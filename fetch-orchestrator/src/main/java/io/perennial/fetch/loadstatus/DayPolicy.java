package io.perennial.fetch.loadstatus;

import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.connectionview.ViewState;
import io.perennial.fetch.watermark.Interval;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides the status of a day. What was read counts first, then who is reading, then why nobody is. */
final class DayPolicy {
    /** A fetch that is not finished, or failed. */
    record Attempt(String state, Interval window, @Nullable String code) {}

    record Verdict(DayStatus status, @Nullable String code) {}

    private DayPolicy() {}

    /** @param attempts the latest first */
    static Verdict verdict(ConnectionView connection, DayRead read, List<Attempt> attempts, Interval day) {
        if (!connection.offered()) {
            return new Verdict(DayStatus.NOT_OFFERED, null);
        }
        if (read == DayRead.ALL) {
            return new Verdict(DayStatus.COMPLETE, connection.withoutOrders() ? "NO_ORDERS_AT_ALL" : null);
        }
        return byAttempts(attempts, day).orElseGet(() -> withoutAttempt(connection, read));
    }

    private static Optional<Verdict> byAttempts(List<Attempt> attempts, Interval day) {
        List<Attempt> ofDay = attempts.stream()
                .filter(attempt -> overlap(attempt.window(), day))
                .toList();
        return first(ofDay, DayStatus.RUNNING, "RUNNING", "WAITING")
                .or(() -> first(ofDay, DayStatus.PARKED, "PARKED"))
                .or(() -> first(ofDay, DayStatus.FAILED, "FAILED"));
    }

    private static Optional<Verdict> first(List<Attempt> attempts, DayStatus status, String... states) {
        return attempts.stream()
                .filter(attempt -> List.of(states).contains(attempt.state()))
                .findFirst()
                .map(attempt -> new Verdict(status, attempt.code()));
    }

    private static Verdict withoutAttempt(ConnectionView connection, DayRead read) {
        if (read == DayRead.LOST) {
            return new Verdict(DayStatus.FAILED, "HISTORY_LOST");
        }
        if (read == DayRead.SOME) {
            return new Verdict(DayStatus.PARTIAL, null);
        }
        boolean ended = connection.state() == ViewState.EXPIRED || connection.state() == ViewState.REVOKED;
        return ended
                ? new Verdict(DayStatus.NO_ACCESS, "CONNECTION_" + connection.state())
                : new Verdict(DayStatus.NONE, null);
    }

    private static boolean overlap(Interval one, Interval other) {
        return one.from().isBefore(other.to()) && other.from().isBefore(one.to());
    }
}
