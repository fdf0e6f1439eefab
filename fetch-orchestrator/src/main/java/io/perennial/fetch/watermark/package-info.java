/**
 * Coverage: per connection and marketplace, the intervals of update time that were read completely.
 *
 * <p>Coverage only grows, and only by a window that was read to its last page. The watermark is the end of the run that
 * begins at the origin (the start of the first load), so a load of a past window can not move it back. A fetch is planned
 * from what is not covered; {@link io.perennial.fetch.watermark.GapPolicy} is that decision, pure and without a clock.
 */
@NullMarked
package io.perennial.fetch.watermark;

import org.jspecify.annotations.NullMarked;
