package io.perennial.fetch.backfill;

import io.perennial.contracts.FetchReason;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.orders.OrderQuery;
import io.perennial.fetch.watermark.Interval;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A fetch as whoever leased it knows it.
 *
 * @param window of update time; with the marketplaces it is the query that the page token belongs to
 * @param restarts how often the query began again because of its page tokens
 * @param attempts failed ones in a row
 * @param causedAt when the consent, renewal or request happened that it is for
 * @param begun whether a first page was asked for already
 * @param epoch of the lease
 */
record FetchJob(
        UUID id,
        UUID connectionId,
        FetchReason reason,
        FetchState state,
        List<String> marketplaces,
        Interval window,
        PagePosition position,
        Counts counts,
        int restarts,
        int attempts,
        Instant causedAt,
        boolean begun,
        long epoch) {

    OrderQuery query() {
        List<String> named = marketplaces.contains(ConnectionView.EVERY_MARKETPLACE) ? List.of() : marketplaces;
        return new OrderQuery(window, named, position.pageToken());
    }

    FetchJob running() {
        return new FetchJob(
                id,
                connectionId,
                reason,
                FetchState.RUNNING,
                marketplaces,
                window,
                position,
                counts,
                restarts,
                attempts,
                causedAt,
                true,
                epoch);
    }

    FetchJob at(PagePosition next, Counts counted) {
        return new FetchJob(
                id,
                connectionId,
                reason,
                state,
                marketplaces,
                window,
                next,
                counted,
                restarts,
                0,
                causedAt,
                begun,
                epoch);
    }

    /** The window that is covered when the last page was read: up to where Amazon says it answered. */
    Interval coveredWindow() {
        Instant answered = position.answeredTo();
        return answered != null && answered.isBefore(window.to()) && answered.isAfter(window.from())
                ? new Interval(window.from(), answered)
                : window;
    }
}
