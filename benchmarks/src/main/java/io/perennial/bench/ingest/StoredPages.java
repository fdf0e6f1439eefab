package io.perennial.bench.ingest;

import io.perennial.bench.lab.FetchTables;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.measure.Arm;
import io.perennial.fetch.backfill.PageWriter;
import io.perennial.fetch.backfill.PageWriter.Held;
import io.perennial.fetch.orders.ProviderAnswer.Page;
import io.smallrye.mutiny.Multi;
import java.time.Duration;
import java.util.List;

/** Ours: a transaction for each page, with digests, events, days and the place in the fetch. */
final class StoredPages implements Arm {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Lab lab;
    private final ReadyPages ready;
    private final List<Page> pages;
    private final PageWriter writer;
    private final int parallel;
    private List<Held> fetches = List.of();

    StoredPages(Lab lab, FetchTables tables, ReadyPages ready, int parallel) {
        this.lab = lab;
        this.ready = ready;
        this.pages = ready.make();
        this.writer = new PageWriter(tables.service());
        this.parallel = parallel;
    }

    @Override
    public String name() {
        return "pages stored";
    }

    @Override
    public String database() {
        return FetchTables.DATABASE;
    }

    @Override
    public List<Long> processes() {
        return List.of(ProcessHandle.current().pid());
    }

    @Override
    public void prepare(Duration length) {
        ready.begin(lab);
        fetches = writer.claimAll(ReadyPages.NOW);
    }

    /** The same pages come again, in fetches of their own. */
    void prepareAgain() {
        ready.beginFetches(lab);
        fetches = writer.claimAll(ReadyPages.NOW);
    }

    @Override
    public Work work(Duration length) {
        if (fetches.size() != ready.sellers()) {
            throw new IllegalStateException(fetches.size() + " fetches of " + ready.sellers() + " were leased");
        }
        long began = System.nanoTime();
        Multi.createFrom()
                .iterable(fetches)
                .onItem()
                .transformToUni(
                        fetch -> writer.store(fetch, pages::get, pages.size()).replaceWith(fetch))
                .merge(parallel)
                .collect()
                .last()
                .await()
                .atMost(LONGEST);
        double seconds = (System.nanoTime() - began) / 1e9;
        long there = lab.count(FetchTables.DATABASE, "select count(*) from order_digest");
        if (there != ready.orders()) {
            throw new IllegalStateException(there + " orders of " + ready.orders() + " are there");
        }
        return new Work(there, seconds);
    }
}
