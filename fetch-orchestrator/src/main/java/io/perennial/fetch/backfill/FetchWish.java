package io.perennial.fetch.backfill;

import io.perennial.fetch.watermark.Interval;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to have fetched: of some connections, or of all usable ones of a tenant.
 *
 * @param window null for whatever is not covered
 */
record FetchWish(List<UUID> connections, @Nullable String tenant, @Nullable Interval window) {}
