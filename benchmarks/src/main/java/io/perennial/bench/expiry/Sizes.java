package io.perennial.bench.expiry;

import io.perennial.bench.measure.Settings;
import java.util.ArrayList;
import java.util.List;

/** How many connections are watched: from 10,000 up in steps of ten to a million, or to {@code PERENNIAL_BENCH_ROWS}. */
final class Sizes {
    private static final int SMALLEST = 10_000;
    private static final int LARGEST = 1_000_000;
    private static final int LARGEST_OF_QUICK = 100_000;

    private Sizes() {}

    static List<Integer> of(Settings settings) {
        int largest = settings.quick()
                ? LARGEST_OF_QUICK
                : Integer.parseInt(System.getenv().getOrDefault("PERENNIAL_BENCH_ROWS", Integer.toString(LARGEST)));
        List<Integer> sizes = new ArrayList<>();
        for (int size = SMALLEST; size <= largest; size *= 10) {
            sizes.add(size);
        }
        return sizes;
    }
}
