package io.perennial.auth.imports;

import io.perennial.auth.connection.ConnectionImports.Prepared;
import io.perennial.auth.connection.ImportedConnection;
import io.perennial.auth.token.GrantImports.SealedGrant;
import io.perennial.secret.RefreshToken;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lines that are written together.
 *
 * @param last number of the last line
 * @param entries lines without fault
 * @param failed how many lines have faults
 * @param fingerprint of all lines up to the last one
 */
record ImportBatch(long last, List<Entry> entries, long failed, List<ImportFault> faults, byte[] fingerprint) {

    /** A line without fault; in a dry run nothing is made ready for writing. */
    record Entry(long line, ImportedConnection connection, RefreshToken token, @Nullable Writable writable) {
        Writable ready() {
            return Objects.requireNonNull(writable);
        }
    }

    /** What a line will be, if nobody is in its way. */
    record Writable(Prepared connection, SealedGrant grant) {}
}
