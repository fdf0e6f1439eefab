package io.perennial.auth.vault;

import java.nio.charset.StandardCharsets;

/**
 * Where a sealed secret belongs. It is bound into the seal: moved to another row, it does not open.
 *
 * @param owner the tenant, or {@link #PLATFORM}
 * @param holder id of the connection or application
 * @param generation number of the grant or version of the secret
 */
public record SealingPlace(String owner, String holder, int generation, SecretKind kind) {
    /** Owner of secrets that belong to no tenant. */
    public static final String PLATFORM = "*";

    byte[] associatedData() {
        // Lengths in front: no two places give the same bytes.
        return (owner.length() + ":" + owner + holder.length() + ":" + holder + generation + ":" + kind.name())
                .getBytes(StandardCharsets.UTF_8);
    }

    byte[] associatedDataOfKey() {
        return (owner.length() + ":" + owner + holder.length() + ":" + holder + generation + ":DATA_KEY")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The same place for another kind of secret. */
    public SealingPlace with(SecretKind other) {
        return new SealingPlace(owner, holder, generation, other);
    }
}
