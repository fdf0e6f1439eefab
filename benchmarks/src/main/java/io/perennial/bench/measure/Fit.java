package io.perennial.bench.measure;

import java.util.List;

/**
 * Least squares for cost = fixed + due * d + total * t, each coefficient with the interval in which it lies in 95 of 100
 * cases. What the straight lines do not explain widens the intervals.
 */
public record Fit(Score fixed, Score due, Score total) {
    private static final int COEFFICIENTS = 3;

    /** Two-sided 95 % of Student's t, by degrees of freedom from 1 on. */
    private static final double[] STUDENT = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042
    };

    /** What was measured with so many due of so many in total. */
    public record Point(double due, double total, double cost) {
        private double[] terms() {
            return new double[] {1, due, total};
        }
    }

    public static Fit of(List<Point> points) {
        int freedom = points.size() - COEFFICIENTS;
        if (freedom < 1) {
            throw new IllegalArgumentException("at least four points, not " + points.size());
        }
        double[][] products = new double[COEFFICIENTS][COEFFICIENTS];
        double[] right = new double[COEFFICIENTS];
        for (Point point : points) {
            double[] terms = point.terms();
            for (int i = 0; i < COEFFICIENTS; i++) {
                right[i] += terms[i] * point.cost;
                for (int j = 0; j < COEFFICIENTS; j++) {
                    products[i][j] += terms[i] * terms[j];
                }
            }
        }
        double[][] inverse = inverse(products);
        double[] coefficients = new double[COEFFICIENTS];
        for (int i = 0; i < COEFFICIENTS; i++) {
            coefficients[i] = dot(inverse[i], right);
        }
        double unexplained = points.stream()
                .mapToDouble(point -> point.cost - dot(coefficients, point.terms()))
                .map(rest -> rest * rest)
                .sum();
        double variance = unexplained / freedom;
        double student = freedom <= STUDENT.length ? STUDENT[freedom - 1] : 1.96;
        Score[] scores = new Score[COEFFICIENTS];
        for (int i = 0; i < COEFFICIENTS; i++) {
            double half = student * Math.sqrt(variance * inverse[i][i]);
            scores[i] = new Score(coefficients[i], coefficients[i] - half, coefficients[i] + half);
        }
        return new Fit(scores[0], scores[1], scores[2]);
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    /** By Gauss and Jordan; the sums of squares of terms that vary are regular. */
    private static double[][] inverse(double[][] matrix) {
        int size = matrix.length;
        double[][] rows = new double[size][2 * size];
        for (int i = 0; i < size; i++) {
            System.arraycopy(matrix[i], 0, rows[i], 0, size);
            rows[i][size + i] = 1;
        }
        for (int column = 0; column < size; column++) {
            int pivot = column;
            for (int i = column + 1; i < size; i++) {
                if (Math.abs(rows[i][column]) > Math.abs(rows[pivot][column])) {
                    pivot = i;
                }
            }
            double[] swapped = rows[column];
            rows[column] = rows[pivot];
            rows[pivot] = swapped;
            double by = rows[column][column];
            if (by == 0) {
                throw new IllegalArgumentException("due or total never varies");
            }
            for (int j = 0; j < 2 * size; j++) {
                rows[column][j] /= by;
            }
            for (int i = 0; i < size; i++) {
                double factor = i == column ? 0 : rows[i][column];
                for (int j = 0; j < 2 * size; j++) {
                    rows[i][j] -= factor * rows[column][j];
                }
            }
        }
        double[][] inverse = new double[size][size];
        for (int i = 0; i < size; i++) {
            System.arraycopy(rows[i], size, inverse[i], 0, size);
        }
        return inverse;
    }
}
