package io.perennial.auth.imports;

/**
 * A line as it arrived.
 *
 * @param number counted from 1, blank lines included
 * @param bytes empty for a line that was too long to be kept
 */
record RawLine(long number, byte[] bytes, boolean tooLong) {
    boolean blank() {
        if (tooLong) {
            return false;
        }
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    /** The token stays out of every print. */
    @Override
    public String toString() {
        return "RawLine[" + number + "]";
    }
}
