package io.perennial.fetch.watermark;

import java.time.Instant;
import java.util.Collection;

/**
 * What was read of one marketplace of a connection.
 *
 * @param origin from where on nothing may be missing: the start of the first load
 * @param read the update times that were read completely
 * @param lost the update times that can not be read any more, because Amazon does not answer so far back
 */
public record Coverage(Instant origin, IntervalSet read, IntervalSet lost) {
    public Coverage(Instant origin, IntervalSet read) {
        this(origin, read, IntervalSet.EMPTY);
    }

    /** Up to where everything since the origin was read, as far as it can be. The origin itself while nothing was. */
    public Instant watermark() {
        return read.plus(lost.intervals()).endOfRunAt(origin).orElse(origin);
    }

    /** As if these windows were read already. */
    public Coverage including(Collection<Interval> underWay) {
        return new Coverage(origin, read.plus(underWay), lost);
    }

    boolean begun() {
        return watermark().isAfter(origin);
    }
}
