package io.perennial.fetch.quota;

import io.perennial.bench.lab.ServiceSettings;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.Map;

/** Opens the stored buckets of the service outside of it; in their package, because nobody else makes them. */
public final class Buckets {
    private Buckets() {}

    /**
     * Buckets in the tables behind the pool, with the service's own defaults for all that is not a parameter.
     *
     * @param share part of each plan that is ours
     */
    public static QuotaBuckets of(Pool pool, double share) {
        Map<String, String> settings = Map.of("perennial.quota.share", String.valueOf(share));
        return new QuotaBuckets(pool, ServiceSettings.of(QuotaConfig.class, settings));
    }

    /** The bucket of a seller. */
    public static BucketKey key(String account, int burst, Duration spacing) {
        return new BucketKey("app", account, "EU", new Operation("searchOrders", burst, spacing));
    }
}
