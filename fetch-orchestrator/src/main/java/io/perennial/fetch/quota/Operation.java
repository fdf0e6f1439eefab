package io.perennial.fetch.quota;

import java.time.Duration;

/**
 * An operation with its usage plan as the provider publishes it.
 *
 * @param burst requests that may be made at once after a long pause
 * @param spacing time in which one more request becomes possible
 */
public record Operation(String name, int burst, Duration spacing) {}
