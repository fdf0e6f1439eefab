package io.perennial.contracts;

import java.util.UUID;

/**
 * The reference number of a connection: short enough to read out over the telephone, without look-alike letters. It
 * follows from the connection's id, so no event carries it.
 */
public final class Reference {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int GROUP = 4;

    private Reference() {}

    /** From the random part of the id: 60 bits, so that no two connections share one. */
    public static String of(UUID id) {
        long bits = id.getLeastSignificantBits();
        StringBuilder text = new StringBuilder("P");
        for (int i = 0; i < 3 * GROUP; i++) {
            if (i % GROUP == 0) {
                text.append('-');
            }
            text.append(ALPHABET.charAt((int) (bits & 31)));
            bits >>>= 5;
        }
        return text.toString();
    }
}
