package io.perennial.auth.vault;

import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Random;
import io.perennial.auth.vault.TenantKeys.TenantKey;
import io.perennial.auth.vault.TokenVault.Unsealed;
import io.perennial.bench.lab.FakeAmazon;
import io.perennial.bench.measure.Arm;
import io.perennial.secret.RefreshToken;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A token under a data key of its own, wrapped by the tenant's key: by the vault, and by nothing but the cipher of the
 * platform. In the vault's package, because sealing one token is nobody else's business.
 */
public final class Sealing {
    /** Of the length that Amazon's tokens have. */
    public static final String TOKEN = FakeAmazon.token("Atzr|sealing-");

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int BLOCK = 1_000;

    private Sealing() {}

    private interface Step {
        byte[] seal() throws GeneralSecurityException;
    }

    private record Loop(String name, Step step) implements Arm {
        @Override
        public Work work(Duration length) {
            long began = System.nanoTime();
            long items = 0;
            long bytes = 0;
            try {
                while (System.nanoTime() - began < length.toNanos()) {
                    for (int i = 0; i < BLOCK; i++) {
                        bytes += step.seal().length;
                    }
                    items += BLOCK;
                }
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("The cipher does not work", e);
            }
            if (bytes < items * TOKEN.length()) {
                throw new IllegalStateException("Less came out than went in");
            }
            return new Work(items, (System.nanoTime() - began) / 1e9);
        }
    }

    /** As imports seal. */
    public static Arm ours() {
        try {
            TenantKey tenant = new TenantKey(UUID.randomUUID(), new AesGcmJce(Random.randBytes(KEY_BYTES)));
            SealingPlace place =
                    new SealingPlace("tenant-1", UUID.randomUUID().toString(), 1, SecretKind.REFRESH_TOKEN);
            return new Loop(
                    "sealed by the vault", () -> TokenVault.seal(new Unsealed(new RefreshToken(TOKEN), place), tenant)
                            .cipher());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The cipher does not work", e);
        }
    }

    /** The least that gives the same protection: the same two encryptions with fresh key and nonces, nothing around them. */
    public static Arm bare() {
        SecureRandom random = new SecureRandom();
        Key tenant = key(random);
        byte[] ofKey = ("8:tenant-1" + UUID.randomUUID() + "1:DATA_KEY").getBytes(StandardCharsets.UTF_8);
        byte[] ofToken = ("8:tenant-1" + UUID.randomUUID() + "1:REFRESH_TOKEN").getBytes(StandardCharsets.UTF_8);
        byte[] text = TOKEN.getBytes(StandardCharsets.UTF_8);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            return new Loop("raw AES-GCM", () -> {
                SecretKeySpec fresh = key(random);
                encrypt(cipher, tenant, random, ofKey, fresh.getEncoded());
                return encrypt(cipher, fresh, random, ofToken, text);
            });
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The cipher does not work", e);
        }
    }

    private static SecretKeySpec key(SecureRandom random) {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return new SecretKeySpec(bytes, "AES");
    }

    private static byte[] encrypt(Cipher cipher, Key key, SecureRandom random, byte[] place, byte[] text)
            throws GeneralSecurityException {
        byte[] out = new byte[NONCE_BYTES + text.length + TAG_BITS / Byte.SIZE];
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        System.arraycopy(nonce, 0, out, 0, NONCE_BYTES);
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place);
        cipher.doFinal(text, 0, text.length, out, NONCE_BYTES);
        return out;
    }
}
