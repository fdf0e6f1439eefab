package io.perennial.notify.suppression;

import io.perennial.notify.email.MailAddress;
import io.perennial.service.Mode;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Mailboxes as keyed hashes (HMAC-SHA-256, cut to 128 bits), each bound to its tenant. */
@Singleton
public class Mailboxes {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST_LENGTH = 32;
    private static final String SANDBOX_KEY = "known to everybody, for sandboxes alone";

    private final SecretKeySpec addresses;
    private final SecretKeySpec signatures;
    private final String fingerprint;

    Mailboxes(MailboxConfig config, Mode mode) {
        byte[] key = key(config, mode).getBytes(StandardCharsets.UTF_8);
        SecretKeySpec given = new SecretKeySpec(key, ALGORITHM);
        this.addresses = new SecretKeySpec(hash(given, "mailbox"), ALGORITHM);
        this.signatures = new SecretKeySpec(hash(given, "unsubscribe"), ALGORITHM);
        this.fingerprint = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOf(hash(given, "fingerprint"), Long.BYTES));
    }

    private static String key(MailboxConfig config, Mode mode) {
        String key = config.key().orElse(mode == Mode.SANDBOX ? SANDBOX_KEY : "");
        if (key.length() < LEAST_LENGTH) {
            throw new IllegalStateException("perennial.mailboxes.key must be a lasting secret of at least "
                    + LEAST_LENGTH + " characters: without it nobody could unsubscribe for good");
        }
        return key;
    }

    /** The mailbox of an address as this tenant knows it; upper and lower case are the same. */
    public UUID of(String tenantId, @Nullable String address) {
        String canonical = MailAddress.parse(address)
                .map(MailAddress::canonical)
                .orElseGet(() -> address == null ? "" : address.toLowerCase(Locale.ROOT));
        ByteBuffer hash = ByteBuffer.wrap(hash(addresses, tenantId + '\0' + canonical));
        return new UUID(hash.getLong(), hash.getLong());
    }

    byte[] signature(byte[] content) {
        return hash(signatures, content);
    }

    /** Names the key without telling anything of it. */
    String fingerprint() {
        return fingerprint;
    }

    private static byte[] hash(SecretKeySpec key, String content) {
        return hash(key, content.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hash(SecretKeySpec key, byte[] content) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM, e);
        }
    }
}
