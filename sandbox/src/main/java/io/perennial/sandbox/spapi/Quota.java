package io.perennial.sandbox.spapi;

import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.database.Row;
import io.perennial.sandbox.fault.Fault;
import io.perennial.sandbox.fault.Faults;
import io.perennial.sandbox.sellingpartner.Region;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One token bucket for each seller, application, region and operation, on the domain clock. It is a row: a restart refills
 * nothing.
 */
@Singleton
class Quota {

    private record Bucket(double tokens, Instant refilledAt) {}

    private final Database database;
    private final SandboxClock clock;
    private final Faults faults;

    Quota(Database database, SandboxClock clock, Faults faults) {
        this.database = database;
        this.clock = clock;
        this.faults = faults;
    }

    /** Takes one token; false when there is none. */
    boolean take(String sellerId, String applicationId, Region region, Operation operation) {
        Optional<Fault> changed = faults.quotaFor(new Fault.Call("sp-api", operation.id(), null));
        double rate = changed.map(Fault::rate).orElse(operation.rate());
        int burst = changed.map(Fault::burst).orElse(operation.burst());
        Instant now = clock.instant();
        Object[] key = {sellerId, applicationId, region.name(), operation.id()};
        return database.transact(tx -> {
            tx.update(
                    """
                    insert into quota (seller_id, application_id, region, operation, tokens, refilled_at)
                    values (?, ?, ?, ?, ?, ?) on conflict do nothing
                    """,
                    key[0],
                    key[1],
                    key[2],
                    key[3],
                    (double) burst,
                    now);
            Bucket bucket = tx.first(
                            """
                            select tokens, refilled_at from quota
                            where seller_id = ? and application_id = ? and region = ? and operation = ? for update
                            """,
                            Quota::read,
                            key)
                    .orElseThrow();
            double tokens = refilled(bucket, now, rate, burst);
            boolean taken = tokens >= 1;
            tx.update(
                    """
                    update quota set tokens = ?, refilled_at = ?
                    where seller_id = ? and application_id = ? and region = ? and operation = ?
                    """,
                    taken ? tokens - 1 : tokens,
                    now.isAfter(bucket.refilledAt()) ? now : bucket.refilledAt(),
                    key[0],
                    key[1],
                    key[2],
                    key[3]);
            return taken;
        });
    }

    private static double refilled(Bucket bucket, Instant now, double rate, int burst) {
        Duration passed = Duration.between(bucket.refilledAt(), now);
        if (passed.isNegative()) {
            return Math.min(burst, bucket.tokens());
        }
        double seconds = passed.getSeconds() + passed.getNano() / 1e9;
        return Math.min(burst, bucket.tokens() + seconds * rate);
    }

    private static Bucket read(Row row) {
        return new Bucket(row.decimal("tokens"), row.instant("refilled_at"));
    }
}
