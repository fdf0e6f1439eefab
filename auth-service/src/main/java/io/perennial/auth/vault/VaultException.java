package io.perennial.auth.vault;

import org.jspecify.annotations.Nullable;

/** A secret can not be sealed or opened. Never says what the secret is. */
public class VaultException extends RuntimeException {
    VaultException(String message) {
        super(message);
    }

    VaultException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
