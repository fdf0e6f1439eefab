package io.perennial.fetch.backfill;

import io.perennial.fetch.access.AccessAnswer;
import io.perennial.fetch.orders.ProviderAnswer;
import io.perennial.fetch.orders.ProviderReply;
import io.perennial.fetch.orders.SpApiClient;
import io.perennial.fetch.quota.Operation;
import io.perennial.fetch.quota.QuotaConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Reads a part page by page. */
@ApplicationScoped
class SearchStrategy implements FetchStrategy {
    private final SpApiClient amazon;
    private final PageStore pages;
    private final Operation searchOrders;

    SearchStrategy(SpApiClient amazon, PageStore pages, QuotaConfig plan) {
        this.amazon = amazon;
        this.pages = pages;
        this.searchOrders = new Operation(SpApiClient.OPERATION, plan.burst(), plan.spacing());
    }

    @Override
    public Strategy strategy() {
        return Strategy.SEARCH;
    }

    @Override
    public Operation next(FetchJob job) {
        return searchOrders;
    }

    @Override
    public Uni<ProviderReply> ask(AccessAnswer.Granted access, FetchJob job) {
        return amazon.searchOrders(access, job.query());
    }

    @Override
    public Uni<StepOutcome> store(FetchJob job, ProviderAnswer.Content content) {
        return pages.store(job, (ProviderAnswer.Page) content);
    }
}
