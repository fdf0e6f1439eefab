package io.perennial.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A grant that was taken for dead works again without a new consent.
 *
 * @param endsAt absent where the grant has no end that is known
 */
public record TokenReinstated(ConnectionRef about, @Nullable Instant endsAt, @Nullable EndsAtSource endsAtSource)
        implements ConnectionEvent {}
