package io.perennial.contracts;

import java.time.Instant;

/** A grant that was taken for dead works again without a new consent. */
public record TokenReinstated(ConnectionRef about, Instant endsAt, EndsAtSource endsAtSource)
        implements ConnectionEvent {}
