package io.perennial.bench.budget;

import io.perennial.bench.budget.World.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Policies of clients that others published, written down from their code. They are models: no line of the originals runs
 * here.
 */
final class Models {
    private Models() {}

    static Map<String, Supplier<Policy>> all() {
        Map<String, Supplier<Policy>> all = new LinkedHashMap<>();
        all.put("model: Guava RateLimiter", Guava::new);
        all.put("model: Amazon's SDK for Java", JavaSdk::new);
        all.put("model: Amazon's SDK for JavaScript (Bottleneck)", JavaScriptSdk::new);
        all.put("model: python-amazon-sp-api", () -> new Python(false));
        all.put("model: python-amazon-sp-api, by header", () -> new Python(true));
        all.put("model: Airbyte", Airbyte::new);
        all.put("model: selling-partner-api for PHP (jlevers)", Php::new);
        all.put("model: CSharpAmazonSpAPI (abuzuhri)", CSharp::new);
        all.put("model: sp-api-sdk (bizon)", SpApiSdk::new);
        all.put("model: bucket in memory (Bucket4j)", BucketInMemory::new);
        all.put("model: cycles (Resilience4j)", Cycles::new);
        return all;
    }

    /**
     * {@code RateLimiter.create(rate)}, in Amazon's former template for Java: permits of one second are kept at most
     * (SmoothBursty, {@code maxBurstSeconds = 1.0}), so that the burst is never used.
     */
    private static final class Guava implements Policy {
        private Instant nextFree = Instant.MIN;

        @Override
        public boolean read(World amazon, int pages) {
            Duration spacing = seconds(1 / amazon.plan().printed());
            while (amazon.answered() < pages) {
                amazon.sleepUntil(nextFree);
                nextFree = amazon.now().plus(spacing);
                amazon.ask();
            }
            return true;
        }
    }

    /**
     * {@code spapi-sdk} for Java: after the first answer with a header one call per {@code 1 / header}; a 429 is tried again
     * after 1, 2 and 4 s (and up to a quarter more), then a breaker opens for 4 s, doubled up to 120 s.
     */
    private static final class JavaSdk implements Policy {
        private static final double[] RETRIES = {1, 2, 4};
        private static final double MORE = 1.125;
        private static final double FIRST_BREAK = 4;
        private static final double LONGEST_BREAK = 120;

        private Instant nextFree = Instant.MIN;

        @Override
        public boolean read(World amazon, int pages) {
            double breaks = FIRST_BREAK;
            while (amazon.answered() < pages) {
                if (asked(amazon)) {
                    breaks = FIRST_BREAK;
                } else {
                    amazon.sleep(breaks);
                    breaks = Math.min(LONGEST_BREAK, 2 * breaks);
                }
            }
            return true;
        }

        private boolean asked(World amazon) {
            for (int attempt = 0; ; attempt++) {
                amazon.sleepUntil(nextFree);
                Instant sent = amazon.now();
                Answer answer = amazon.ask();
                if (answer.granted()) {
                    double rate = answer.rate().orElse(0);
                    nextFree = usable(rate) ? sent.plus(seconds(1 / rate)) : Instant.MIN;
                    return true;
                }
                if (attempt == RETRIES.length) {
                    return false;
                }
                amazon.sleep(RETRIES[attempt] * MORE);
            }
        }
    }

    /**
     * {@code SuperagentRateLimiter} over the table of defaults: a reservoir of the burst, one more every whole second of
     * {@code 1 / rate} by a timer of its own, {@code highWater: 0} with strategy {@code BLOCK}: what finds the reservoir empty
     * is dropped instead of waiting (issue 726), and whoever called gets an error.
     */
    private static final class JavaScriptSdk implements Policy {
        private int reservoir = -1;
        private Instant nextRefill = Instant.MIN;

        @Override
        public boolean read(World amazon, int pages) {
            while (amazon.answered() < pages) {
                refill(amazon);
                if (reservoir == 0) {
                    return false;
                }
                reservoir--;
                if (!amazon.ask().granted()) {
                    return false;
                }
            }
            return true;
        }

        private void refill(World amazon) {
            Duration every =
                    Duration.ofSeconds((long) Math.ceil(1 / amazon.plan().printed()));
            if (reservoir < 0) {
                reservoir = amazon.plan().burst();
                nextRefill = amazon.now().plus(every);
            }
            while (!amazon.now().isBefore(nextRefill)) {
                reservoir = Math.min(amazon.plan().burst(), reservoir + 1);
                nextRefill = nextRefill.plus(every);
            }
        }
    }

    /** Nothing: users are told to wait themselves (issues 247, 477). The first refusal is an exception of the caller's. */
    private static final class Php implements Policy {
        @Override
        public boolean read(World amazon, int pages) {
            while (amazon.answered() < pages) {
                if (!amazon.ask().granted()) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * {@code SleepForRateLimit} after every answer, for {@code 1 / header}, so that the burst is never used (issue 107); a refused
     * request is made again {@code MaxThrottledRetryCount = 3} times, each after as long.
     */
    private static final class CSharp implements Policy {
        @Override
        public boolean read(World amazon, int pages) {
            return withThreeRetries(amazon, pages, answer -> spacing(amazon, answer));
        }
    }

    /**
     * {@code axios-retry} on 429 with its three retries, each after {@code 1 / rate} and 1.5 s more, by the header or else by a
     * static table; what is not refused is never delayed.
     */
    private static final class SpApiSdk implements Policy {
        private static final double MARGIN = 1.5;

        @Override
        public boolean read(World amazon, int pages) {
            return withThreeRetries(amazon, pages, answer -> answer.granted() ? 0 : spacing(amazon, answer) + MARGIN);
        }
    }

    private static boolean withThreeRetries(World amazon, int pages, ToDoubleFunction<Answer> pause) {
        int refused = 0;
        while (amazon.answered() < pages) {
            Answer answer = amazon.ask();
            refused = answer.granted() ? 0 : refused + 1;
            if (refused > 3) {
                return false;
            }
            amazon.sleep(pause.applyAsDouble(answer));
        }
        return true;
    }

    /** By the header, or else by the published plan. */
    private static double spacing(World amazon, Answer answer) {
        double rate = answer.rate().orElse(0);
        return 1 / (usable(rate) ? rate : amazon.plan().printed());
    }

    /**
     * {@code load_all_pages(throttle_by_seconds=2)} or {@code use_rate_limit_header}, within
     * {@code throttle_retry(tries=10, delay=5, rate=1.3)}: after ten refusals in a row it gives up.
     */
    private record Python(boolean byHeader) implements Policy {
        private static final double BETWEEN_PAGES = 2;
        private static final int TRIES = 10;
        private static final double FIRST_DELAY = 5;
        private static final double GROWTH = 1.3;

        @Override
        public boolean read(World amazon, int pages) {
            while (amazon.answered() < pages) {
                Answer answer = asked(amazon);
                if (!answer.granted()) {
                    return false;
                }
                if (amazon.answered() < pages) {
                    double rate = answer.rate().orElse(0);
                    amazon.sleep(byHeader && usable(rate) ? 1 / rate : BETWEEN_PAGES);
                }
            }
            return true;
        }

        private static Answer asked(World amazon) {
            double delay = FIRST_DELAY;
            Answer answer = amazon.ask();
            for (int tried = 1; tried < TRIES && !answer.granted(); tried++) {
                amazon.sleep(delay);
                delay *= GROWTH;
                answer = amazon.ask();
            }
            return answer;
        }
    }

    /** {@code source-amazon-seller-partner}: learns by being refused; then it waits for {@code 1 / header}, else 60 s. */
    private static final class Airbyte implements Policy {
        private static final double WITHOUT_HEADER = 60;

        @Override
        public boolean read(World amazon, int pages) {
            while (amazon.answered() < pages) {
                Answer answer = amazon.ask();
                if (!answer.granted()) {
                    double rate = answer.rate().orElse(0);
                    amazon.sleep(usable(rate) ? 1 / rate : WITHOUT_HEADER);
                }
            }
            return true;
        }
    }

    /**
     * {@code Bandwidth.builder().capacity(20).refillGreedy(1, interval)}: the plan as it is published, kept in the memory of
     * the process, counted from when a request is sent; refused requests are made again with the next token.
     */
    private static final class BucketInMemory implements Policy {
        private double tokens = Double.NaN;
        private Instant refilledAt = Instant.MIN;

        @Override
        public boolean read(World amazon, int pages) {
            while (amazon.answered() < pages) {
                double interval = amazon.plan().interval().toNanos() / 1e9;
                refill(amazon, interval);
                if (tokens < 1) {
                    amazon.sleep((1 - tokens) * interval + 0.001);
                    refill(amazon, interval);
                }
                tokens -= 1;
                amazon.ask();
            }
            return true;
        }

        private void refill(World amazon, double interval) {
            tokens = Double.isNaN(tokens)
                    ? amazon.plan().burst()
                    : Math.min(
                            amazon.plan().burst(),
                            tokens + Duration.between(refilledAt, amazon.now()).toNanos() / 1e9 / interval);
            refilledAt = amazon.now();
        }
    }

    /** {@code limitForPeriod(20)}, {@code limitRefreshPeriod(20 intervals)}: a burst in each cycle, nothing between. */
    private static final class Cycles implements Policy {
        private Instant cycleEnds = Instant.MIN;
        private int left;

        @Override
        public boolean read(World amazon, int pages) {
            while (amazon.answered() < pages) {
                if (left == 0) {
                    amazon.sleepUntil(cycleEnds);
                }
                if (!amazon.now().isBefore(cycleEnds)) {
                    cycleEnds = amazon.now()
                            .plus(amazon.plan()
                                    .interval()
                                    .multipliedBy(amazon.plan().burst()));
                    left = amazon.plan().burst();
                }
                left--;
                amazon.ask();
            }
            return true;
        }
    }

    private static boolean usable(double rate) {
        return rate > 0 && !Double.isInfinite(rate);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(Math.min(seconds, 1e9) * 1e9));
    }
}
