package io.perennial.fetch.orders;

import java.util.OptionalDouble;

/**
 * An answer with what its headers say.
 *
 * @param ratePerSecond Amazon's rate header, where it came and is a number
 */
public record ProviderReply(ProviderAnswer answer, OptionalDouble ratePerSecond) {}
