package io.perennial.merchants.year;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What one move of the clock brought.
 *
 * @param passed since the beginning; zero is what came before the first move
 * @param news what was told on the topics meanwhile, each event once
 */
public record Step(Duration passed, Instant now, List<Told> news, List<Act> acts) {}
