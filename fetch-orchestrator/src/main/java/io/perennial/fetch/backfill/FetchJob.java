package io.perennial.fetch.backfill;

import io.perennial.contracts.FetchReason;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.orders.OrderQuery;
import io.perennial.fetch.quota.Operation;
import io.perennial.fetch.watermark.Interval;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fetch as whoever leased it knows it.
 *
 * @param window of update time that it is to read
 * @param part of the window that is being read; with the marketplaces it is the query that the page token belongs to
 * @param restarts how often this part began again because of its page tokens
 * @param attempts vain ones in a row, whoever's fault they were: the next pause is as long as these are many
 * @param failures those of them that count: after so many it fails
 * @param ordersPerDay as estimated when it was planned; zero if nothing was known
 * @param causedAt when the consent, renewal or request happened that it is for
 * @param begun whether a first page was asked for already
 * @param historyLost whether there are orders before the window that can not be read any more
 * @param epoch of the lease
 * @param strategy how the window is read
 * @param strategyReason why
 * @param partStrategy how the part is read, where that differs
 * @param report where a part stands that is read from a report
 * @param asked operations that were asked for
 */
record FetchJob(
        UUID id,
        UUID connectionId,
        String tenantId,
        FetchReason reason,
        FetchState state,
        List<String> marketplaces,
        Interval window,
        Interval part,
        PagePosition position,
        Counts counts,
        int restarts,
        int attempts,
        int failures,
        double ordersPerDay,
        Instant causedAt,
        boolean begun,
        boolean historyLost,
        long epoch,
        Strategy strategy,
        @Nullable String strategyReason,
        @Nullable Strategy partStrategy,
        ReportPosition report,
        List<String> asked) {

    /** How the part is read. */
    Strategy reading() {
        return partStrategy == null ? strategy : partStrategy;
    }

    OrderQuery query() {
        List<String> named = marketplaces.contains(ConnectionView.EVERY_MARKETPLACE) ? List.of() : marketplaces;
        return new OrderQuery(part, named, position.pageToken());
    }

    FetchJob running(Operation operation) {
        List<String> known = Stream.concat(asked.stream(), Stream.of(operation.name()))
                .distinct()
                .toList();
        return with(FetchState.RUNNING, part, position, counts, attempts, failures, known);
    }

    FetchJob at(PagePosition next, Counts counted) {
        return with(state, part, next, counted, 0, 0, asked);
    }

    FetchJob at(Interval next) {
        return with(state, next, PagePosition.BEGINNING, counts, 0, 0, asked);
    }

    /** After an answer that brings it on. */
    FetchJob gotOn() {
        return with(state, part, position, counts, 0, 0, asked);
    }

    /** After an attempt in vain that counts. */
    FetchJob failed() {
        return with(state, part, position, counts, attempts, failures + 1, asked);
    }

    private FetchJob with(
            FetchState newState,
            Interval newPart,
            PagePosition newPosition,
            Counts counted,
            int vain,
            int failed,
            List<String> askedByNow) {
        return new FetchJob(
                id,
                connectionId,
                tenantId,
                reason,
                newState,
                marketplaces,
                window,
                newPart,
                newPosition,
                counted,
                newPart.equals(part) ? restarts : 0,
                vain,
                failed,
                ordersPerDay,
                causedAt,
                begun || newState == FetchState.RUNNING,
                historyLost,
                epoch,
                strategy,
                strategyReason,
                newPart.equals(part) ? partStrategy : null,
                newPart.equals(part) ? report : ReportPosition.BEGINNING,
                askedByNow);
    }

    /** What of the part is covered when its last page was read: up to where Amazon says it answered. */
    Optional<Interval> covered() {
        Instant answered = position.answeredTo();
        if (answered == null || !answered.isBefore(part.to())) {
            return Optional.of(part);
        }
        return answered.isAfter(part.from()) ? Optional.of(new Interval(part.from(), answered)) : Optional.empty();
    }

    /** Whether the next request is the first one for the part, perhaps once more. */
    boolean beginsPart() {
        return position.pageToken() == null && report.reportId() == null && !report.inDoubt();
    }

    boolean isLastPart() {
        return !part.to().isBefore(window.to());
    }
}
