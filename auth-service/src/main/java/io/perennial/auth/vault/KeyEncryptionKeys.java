package io.perennial.auth.vault;

import io.smallrye.mutiny.Uni;
import java.util.Set;

/**
 * Wraps keys under key-encryption keys that never leave their keeper: files here, a key management service elsewhere.
 *
 * <p>A bean that implements it takes the place of the files. What fails, fails with {@link VaultException}; nothing is ever
 * stored unwrapped instead.
 */
public interface KeyEncryptionKeys {
    /** Id of the key that is meant to wrap what is new. */
    String primary();

    /** Ids of the keys at hand. */
    Set<String> ids();

    /** Looks again which keys there are; asked often. */
    Uni<Void> refresh();

    /** Wraps a key for a place. */
    Uni<byte[]> wrap(String id, byte[] key, byte[] place);

    /** Opens what was wrapped under the key {@code id} for the same place. */
    Uni<byte[]> unwrap(String id, byte[] wrapped, byte[] place);
}
