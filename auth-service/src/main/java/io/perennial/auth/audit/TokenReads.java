package io.perennial.auth.audit;

import io.perennial.clock.DomainClock;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Who was given access tokens. Counted in memory per consumer, connection and minute and written in batches: reading a
 * token writes nothing. A process that ends in order writes what it has; what one that is killed counted in its last seconds
 * is lost with it.
 */
@ApplicationScoped
public class TokenReads {
    private static final Logger LOG = Logger.getLogger(TokenReads.class);
    private static final Duration KEPT = Duration.ofDays(400);
    private static final Duration LAST_WRITE = Duration.ofSeconds(5);

    private final Pool pool;
    private final DomainClock clock;
    private final Map<Read, Integer> counts = new ConcurrentHashMap<>();

    TokenReads(Pool pool, DomainClock clock) {
        this.pool = pool;
        this.clock = clock;
    }

    private record Read(Instant minute, String consumer, String tenantId, UUID connectionId) {}

    /** Reads of a consumer in a minute. */
    public record Line(Instant minute, String consumer, long reads) {}

    /** Counts a read. */
    public void count(String consumer, String tenantId, UUID connectionId) {
        counts.merge(
                new Read(clock.instant().truncatedTo(ChronoUnit.MINUTES), consumer, tenantId, connectionId),
                1,
                Integer::sum);
    }

    /** The reads of a connection, latest first. */
    public Uni<List<Line>> ofConnection(UUID connectionId, Instant from, Instant to, int limit) {
        return pool.preparedQuery(
                        """
                        select minute_at, consumer, sum(reads) as reads from token_read
                         where connection_id = $1 and minute_at >= $2 and minute_at < $3
                         group by minute_at, consumer
                         order by minute_at desc, consumer
                         limit $4
                        """)
                .execute(Tuple.of(connectionId, utc(from), utc(to), limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(TokenReads::line)
                        .toList());
    }

    /** Writes what was counted since the last time; a database that does not answer now holds nobody up. */
    void stop(@Observes @Priority(50) ShutdownEvent stop) {
        try {
            write().subscribeAsCompletionStage().get(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Reads of tokens of the last seconds could not be written and are lost");
        }
    }

    @Scheduled(every = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> write() {
        Map<Read, Integer> batch = new HashMap<>();
        for (Read read : counts.keySet()) {
            Integer times = counts.remove(read);
            if (times != null) {
                batch.put(read, times);
            }
        }
        return batch.isEmpty()
                ? Uni.createFrom().voidItem()
                : insert(batch).onFailure().recoverWithItem(failure -> {
                    LOG.warnf("Reads of tokens could not be recorded and are recorded later: %s", failure.toString());
                    batch.forEach((read, times) -> counts.merge(read, times, Integer::sum));
                    return null;
                });
    }

    private Uni<Void> insert(Map<Read, Integer> batch) {
        List<Map.Entry<Read, Integer>> rows = List.copyOf(batch.entrySet());
        return pool.preparedQuery(
                        """
                        insert into token_read (minute_at, consumer, tenant_id, connection_id, reads)
                        select * from unnest($1::timestamptz[], $2::text[], $3::text[], $4::uuid[], $5::int[])
                        """)
                .execute(Tuple.of(
                        rows.stream().map(row -> utc(row.getKey().minute())).toArray(OffsetDateTime[]::new),
                        rows.stream().map(row -> row.getKey().consumer()).toArray(String[]::new),
                        rows.stream().map(row -> row.getKey().tenantId()).toArray(String[]::new),
                        rows.stream().map(row -> row.getKey().connectionId()).toArray(UUID[]::new),
                        rows.stream().map(Map.Entry::getValue).toArray(Integer[]::new)))
                .replaceWithVoid();
    }

    @Scheduled(every = "1h", delayed = "2m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> forget() {
        return pool.preparedQuery("delete from token_read where minute_at < $1")
                .execute(Tuple.of(utc(clock.instant().minus(KEPT))))
                .replaceWithVoid()
                .onFailure()
                .recoverWithNull();
    }

    private static Line line(Row row) {
        return new Line(
                row.getOffsetDateTime("minute_at").toInstant(), row.getString("consumer"), row.getLong("reads"));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
