package io.perennial.fetch.watermark;

import java.time.Instant;
import java.util.Collection;

/**
 * What was read of one marketplace of a connection.
 *
 * @param origin from where on nothing may be missing: the start of the first load
 * @param read the update times that were read completely
 */
public record Coverage(Instant origin, IntervalSet read) {
    /** Up to where everything since the origin was read. The origin itself while nothing was. */
    public Instant watermark() {
        return read.endOfRunAt(origin).orElse(origin);
    }

    /** As if these windows were read already. */
    Coverage including(Collection<Interval> underWay) {
        return new Coverage(origin, read.plus(underWay));
    }

    boolean begun() {
        return watermark().isAfter(origin);
    }
}
