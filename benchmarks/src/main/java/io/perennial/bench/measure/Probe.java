package io.perennial.bench.measure;

import java.util.Locale;

/** How fast the machine is right now, measured by the same small work every time. */
public interface Probe {
    /** Three rates; each compares with its own earlier values only. */
    record Speed(double statements, double syncs, double loops) {
        /** How much two probes differ: 0.15 for 15 %. Their geometric mean counts, since each part alone jumps. */
        public double differsFrom(Speed other) {
            double ratio = Math.cbrt((statements / other.statements) * (syncs / other.syncs) * (loops / other.loops));
            return Math.max(ratio, 1 / ratio) - 1;
        }

        /** For whoever wonders why a round was discarded. */
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%,.0f statements, %,.0f syncs, %,.0f loops a second", statements, syncs, loops);
        }
    }

    Speed measure();
}
