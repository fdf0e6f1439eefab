package io.perennial.console.projection;

import io.perennial.contracts.ConnectionEvent;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchFailed;
import io.perennial.contracts.FetchParked;
import io.perennial.contracts.FetchProgressed;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.FetchRequested;
import io.perennial.contracts.FetchStarted;
import io.perennial.inbox.BatchHandler;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Fetch jobs with their progress; counts never shrink, and an ended job does not start again by a late event. */
final class FetchProjection implements BatchHandler {
    private static final String UPSERT =
            """
            insert into fetch_job as f (fetch_id, connection_id, tenant_id, generation, reason, state, from_at, to_at,
                pages, orders_new, orders_updated, orders_unchanged, code, requested_at, changed_at, sequence)
            select id, connection, tenant, generation, reason, state, from_at, to_at,
                pages, orders_new, orders_updated, orders_unchanged, code, at, at, sequence
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::text[], $7::timestamptz[],
                $8::timestamptz[], $9::int[], $10::int[], $11::int[], $12::int[], $13::text[], $14::timestamptz[],
                $15::bigint[])
                as e(id, connection, tenant, generation, reason, state, from_at, to_at,
                     pages, orders_new, orders_updated, orders_unchanged, code, at, sequence)
            on conflict (fetch_id) do update set
                generation = excluded.generation,
                state = excluded.state,
                from_at = coalesce(excluded.from_at, f.from_at),
                to_at = coalesce(excluded.to_at, f.to_at),
                pages = greatest(excluded.pages, f.pages),
                orders_new = greatest(excluded.orders_new, f.orders_new),
                orders_updated = greatest(excluded.orders_updated, f.orders_updated),
                orders_unchanged = greatest(excluded.orders_unchanged, f.orders_unchanged),
                code = excluded.code,
                requested_at = least(excluded.requested_at, f.requested_at),
                changed_at = excluded.changed_at,
                sequence = excluded.sequence
            where excluded.sequence >= f.sequence
            """;

    private record Job(
            UUID id,
            ConnectionRef about,
            FetchReason reason,
            String state,
            @Nullable Instant from,
            @Nullable Instant to,
            Counts counts,
            @Nullable String code,
            Instant at,
            long sequence) {

        static Job of(UUID id, ConnectionEvent event, FetchReason reason, String state, long sequence) {
            Instant at = event.about().occurredAt();
            return new Job(id, event.about(), reason, state, null, null, Counts.NONE, null, at, sequence);
        }

        Job planned(Instant start, Instant end) {
            return new Job(id, about, reason, state, start, end, counts, code, at, sequence);
        }

        Job counted(Counts reached) {
            return new Job(id, about, reason, state, from, to, reached, code, at, sequence);
        }

        Job because(String cause) {
            return new Job(id, about, reason, state, from, to, counts, cause, at, sequence);
        }

        Job followedBy(Job next) {
            if (next.sequence < sequence) {
                return this;
            }
            return new Job(
                    id,
                    next.about,
                    next.reason,
                    next.state,
                    next.from == null ? from : next.from,
                    next.to == null ? to : next.to,
                    counts.atLeast(next.counts),
                    next.code,
                    next.at,
                    next.sequence);
        }
    }

    private record Counts(int pages, int fresh, int updated, int unchanged) {
        static final Counts NONE = new Counts(0, 0, 0, 0);

        Counts atLeast(Counts other) {
            return new Counts(
                    Math.max(pages, other.pages),
                    Math.max(fresh, other.fresh),
                    Math.max(updated, other.updated),
                    Math.max(unchanged, other.unchanged));
        }
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> fresh) {
        Map<UUID, Job> jobs = new TreeMap<>();
        for (EventEnvelope event : fresh) {
            Job job = jobOf(event.data(), event.sequence());
            if (job != null) {
                jobs.merge(job.id(), job, Job::followedBy);
            }
        }
        return Columns.of(jobs.values())
                .uuid(Job::id)
                .uuid(job -> job.about().connectionId())
                .text(job -> job.about().tenantId())
                .number(job -> job.about().generation())
                .text(job -> job.reason().name())
                .text(Job::state)
                .instant(Job::from)
                .instant(Job::to)
                .number(job -> job.counts().pages())
                .number(job -> job.counts().fresh())
                .number(job -> job.counts().updated())
                .number(job -> job.counts().unchanged())
                .text(Job::code)
                .instant(Job::at)
                .bigNumber(Job::sequence)
                .execute(transaction, UPSERT);
    }

    private static @Nullable Job jobOf(Event event, long sequence) {
        if (event instanceof FetchRequested e) {
            return Job.of(e.fetchId(), e, e.reason(), "WAITING", sequence).planned(e.from(), e.to());
        }
        if (event instanceof FetchStarted e) {
            return Job.of(e.fetchId(), e, e.reason(), "RUNNING", sequence).planned(e.from(), e.to());
        }
        if (event instanceof FetchProgressed e) {
            Counts counts = new Counts(e.pages(), e.ordersNew(), e.ordersUpdated(), e.ordersUnchanged());
            return Job.of(e.fetchId(), e, e.reason(), "RUNNING", sequence).counted(counts);
        }
        if (event instanceof FetchCompleted e) {
            Counts counts = new Counts(e.pages(), e.ordersNew(), e.ordersUpdated(), e.ordersUnchanged());
            return Job.of(e.fetchId(), e, e.reason(), "COMPLETED", sequence)
                    .planned(e.from(), e.to())
                    .counted(counts);
        }
        if (event instanceof FetchFailed e) {
            return Job.of(e.fetchId(), e, e.reason(), "FAILED", sequence).because(e.code());
        }
        if (event instanceof FetchParked e) {
            return Job.of(e.fetchId(), e, e.reason(), "PARKED", sequence).because(e.code());
        }
        return null;
    }
}
