package io.perennial.fetch.backfill;

import static java.time.ZoneOffset.UTC;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.ProfileSnapshotTaken;
import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.loadstatus.LoadMonths;
import io.perennial.fetch.profiles.AdProfile;
import io.perennial.fetch.profiles.ChosenProfiles;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stores a snapshot of profiles: its events, the day and the end of the job are one transaction. */
@ApplicationScoped
class SnapshotStore {
    private final PageStore pages;
    private final ChosenProfiles profiles;
    private final FetchEvents events;
    private final LoadMonths months;
    private final DomainClock clock;

    SnapshotStore(PageStore pages, ChosenProfiles profiles, FetchEvents events, LoadMonths months, DomainClock clock) {
        this.pages = pages;
        this.profiles = profiles;
        this.events = events;
        this.months = months;
        this.clock = clock;
    }

    /**
     * Stores what is chosen by now: an event that came while Amazon was asked found this job under way and planned none.
     *
     * @param listed what the token opens, by id
     * @param chosen what the connection is for, unless an event told
     */
    Uni<StepOutcome> store(FetchJob job, Map<String, AdProfile> listed, List<String> chosen) {
        return pages.held(job, (tx, view) -> profiles.told(tx, view.id())
                .map(told -> told.orElse(chosen))
                .chain(now -> now.isEmpty()
                        ? pages.fail(tx, view, job, Trouble.NO_PROFILES_CHOSEN)
                        : store(tx, view, job, listed, now)));
    }

    private Uni<StepOutcome> store(
            SqlConnection tx, ConnectionView view, FetchJob job, Map<String, AdProfile> listed, List<String> chosen) {
        ConnectionRef about = view.ref(clock.instant());
        List<ProfileSnapshotTaken> taken = chosen.stream()
                .map(id -> snapshot(about, job, id, listed.get(id)))
                .toList();
        int open = (int) chosen.stream().filter(listed::containsKey).count();
        return events.publish(tx, view.id(), taken)
                .chain(() -> open == 0
                        ? pages.fail(tx, view, job, Trouble.NO_PROFILE_OPEN)
                        : complete(tx, view, job, open, chosen.size()));
    }

    private static ProfileSnapshotTaken snapshot(
            ConnectionRef about, FetchJob job, String id, @Nullable AdProfile listed) {
        return listed == null
                ? ProfileSnapshotTaken.withoutAccess(about, job.id(), id)
                : listed.toEvent(about, job.id());
    }

    private Uni<StepOutcome> complete(SqlConnection tx, ConnectionView view, FetchJob job, int open, int chosen) {
        FetchCompleted completed = FetchCompleted.ofProfiles(
                view.ref(clock.instant()),
                job.id(),
                job.reason(),
                job.window().from(),
                job.window().to(),
                open);
        Trouble note = open == chosen ? null : Trouble.PROFILES_WITHOUT_ACCESS;
        return months.snapshot(tx, view, job.window().from().atOffset(UTC).toLocalDate(), open)
                .chain(() -> pages.finish(tx, job, FetchState.COMPLETED, completed, note));
    }
}
