package io.perennial.fetch.backfill;

import io.perennial.fetch.watermark.Interval;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to have fetched: of some connections, or of all usable ones of a tenant.
 *
 * @param campaign where the connections are those that it has renewed, or if they are too many for one transaction the first
 *     of them
 * @param window null for whatever is not covered
 */
record FetchWish(List<UUID> connections, @Nullable String tenant, @Nullable UUID campaign, @Nullable Interval window) {
    /** Whether the connections were named one by one: then each must be usable, otherwise those that are. */
    boolean named() {
        return tenant == null && campaign == null;
    }

    FetchWish of(List<UUID> found) {
        return new FetchWish(found, tenant, campaign, window);
    }
}
