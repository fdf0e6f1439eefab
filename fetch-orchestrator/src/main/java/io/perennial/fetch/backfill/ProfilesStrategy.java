package io.perennial.fetch.backfill;

import io.perennial.contracts.Provider;
import io.perennial.fetch.access.AccessAnswer;
import io.perennial.fetch.access.ProfilesAnswer;
import io.perennial.fetch.orders.ProviderAnswer;
import io.perennial.fetch.orders.ProviderReply;
import io.perennial.fetch.profiles.ChosenProfiles;
import io.perennial.fetch.profiles.ListedProfiles;
import io.perennial.fetch.profiles.ProfilesClient;
import io.perennial.fetch.quota.Operation;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Takes a snapshot of the chosen advertising profiles: one request, on the day that it is for. */
@ApplicationScoped
class ProfilesStrategy implements FetchStrategy {
    private static final Operation LIST_PROFILES = Operation.withoutPlan(ProfilesClient.OPERATION);

    private final ProfilesClient ads;
    private final ChosenProfiles chosen;
    private final SnapshotStore snapshots;

    ProfilesStrategy(ProfilesClient ads, ChosenProfiles chosen, SnapshotStore snapshots) {
        this.ads = ads;
        this.chosen = chosen;
        this.snapshots = snapshots;
    }

    /** What is listed, beside what was asked for. */
    record Found(ListedProfiles listed, List<String> chosen) implements ProviderAnswer.Content {}

    @Override
    public Strategy strategy() {
        return Strategy.PROFILES;
    }

    @Override
    public Provider provider() {
        return Provider.AMAZON_ADS;
    }

    /** The Ads API stands on hosts of its own: its outages say nothing about orders. */
    @Override
    public String breaker(AccessAnswer.Granted access) {
        return "ADS_" + access.region();
    }

    @Override
    public Optional<Trouble> tooLate(FetchJob job, Instant now) {
        return now.isBefore(job.window().to()) ? Optional.empty() : Optional.of(Trouble.DAY_OVER);
    }

    @Override
    public Operation next(FetchJob job) {
        return LIST_PROFILES;
    }

    @Override
    public Uni<ProviderReply> ask(AccessAnswer.Granted access, FetchJob job) {
        return chosen.of(job.connectionId()).chain(choice -> {
            if (choice instanceof ProfilesAnswer.Unknown unknown) {
                return without(new ProviderAnswer.NotAsked(unknown.code()));
            }
            List<String> wanted = ((ProfilesAnswer.Chosen) choice).profiles();
            return wanted.isEmpty()
                    ? without(new ProviderAnswer.Refused(Trouble.NO_PROFILES_CHOSEN.name(), 0))
                    : ads.profiles(access).map(reply -> beside(reply, wanted));
        });
    }

    private static Uni<ProviderReply> without(ProviderAnswer answer) {
        return Uni.createFrom().item(new ProviderReply(answer, OptionalDouble.empty()));
    }

    private static ProviderReply beside(ProviderReply reply, List<String> wanted) {
        return reply.answer() instanceof ListedProfiles listed
                ? new ProviderReply(new Found(listed, wanted), reply.ratePerSecond())
                : reply;
    }

    @Override
    public Uni<StepOutcome> store(FetchJob job, ProviderAnswer.Content content) {
        Found found = (Found) content;
        return snapshots.store(job, found.listed().byId(), found.chosen());
    }
}
