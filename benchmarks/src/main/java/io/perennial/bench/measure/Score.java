package io.perennial.bench.measure;

import java.util.Arrays;
import java.util.Random;

/** A median with the interval in which it would lie in 95 of 100 repetitions, by bootstrap. */
public record Score(double median, double low, double high) {
    private static final int RESAMPLES = 10_000;

    /** Fixed, so that the same numbers always have the same interval. */
    private static final long SEED = 20_261_122L;

    public static Score of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values to score");
        }
        Random random = new Random(SEED);
        double[] medians = new double[RESAMPLES];
        double[] resample = new double[values.length];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int j = 0; j < values.length; j++) {
                resample[j] = values[random.nextInt(values.length)];
            }
            medians[i] = median(resample);
        }
        Arrays.sort(medians);
        return new Score(median(values), medians[(int) (RESAMPLES * 0.025)], medians[(int) (RESAMPLES * 0.975) - 1]);
    }

    /** The middle value, or the mean of the two middle ones. */
    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
