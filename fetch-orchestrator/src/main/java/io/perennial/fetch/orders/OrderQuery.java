package io.perennial.fetch.orders;

import io.perennial.fetch.watermark.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page to ask for. With a page token, everything else must be as in the request that the token came from.
 *
 * @param marketplaces empty for all of the seller
 */
public record OrderQuery(Interval window, List<String> marketplaces, @Nullable String pageToken) {}
