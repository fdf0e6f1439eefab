package io.perennial.monitor.expiry;

/** Grows while batches come back full, falls back when they do not. Used by one cycle at a time. */
final class BatchSize {
    private final int smallest;
    private final int largest;
    private int current;

    BatchSize(int smallest, int largest) {
        this.smallest = smallest;
        this.largest = Math.max(smallest, largest);
        this.current = smallest;
    }

    int current() {
        return current;
    }

    /** Takes note of a batch; true if it was full. */
    boolean filled(long announced) {
        boolean full = announced >= current;
        current = full ? Math.min(current * 2, largest) : smallest;
        return full;
    }
}
