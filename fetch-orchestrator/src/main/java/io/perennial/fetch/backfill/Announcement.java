package io.perennial.fetch.backfill;

import io.perennial.contracts.ConnectionEvent;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.FetchRequested;
import io.perennial.contracts.FetchStarted;
import io.perennial.fetch.orders.SpApiClient;
import java.util.List;

/**
 * When it is told that a fetch was requested and has started. Most daily fetches find nothing on their only page: those that
 * read pages are told of with their first news or with their second page, an empty one by its end alone. That is decided
 * where the first page is stored, so that no crash tells it twice.
 */
final class Announcement {
    private Announcement() {}

    /** Whether it is told when it is planned and when it begins. */
    static boolean atOnce(FetchReason reason, Strategy strategy) {
        return reason != FetchReason.DAILY || strategy != Strategy.SEARCH;
    }

    /** Whether it was not told yet when the first page of the job is stored; a report that came to nothing was told of. */
    static boolean isDue(FetchJob job) {
        boolean onlySearched = job.asked().stream().allMatch(SpApiClient.OPERATION::equals);
        return !atOnce(job.reason(), job.strategy())
                && onlySearched
                && job.counts().pages() == 0;
    }

    static List<ConnectionEvent> of(FetchJob job, ConnectionRef about) {
        return List.of(
                new FetchRequested(
                        about,
                        job.id(),
                        job.reason(),
                        job.window().from(),
                        job.window().to()),
                started(job, about));
    }

    static FetchStarted started(FetchJob job, ConnectionRef about) {
        return new FetchStarted(
                about,
                job.id(),
                job.reason(),
                job.window().from(),
                job.window().to(),
                job.strategy().name(),
                job.strategyReason());
    }
}
