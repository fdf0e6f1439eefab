package io.perennial.auth.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Random;
import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.vault.TenantKeys.TenantKey;
import io.perennial.secret.AccessToken;
import io.perennial.secret.ClientSecret;
import io.perennial.secret.RefreshToken;
import io.perennial.secret.SecretAccess;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Seals secrets and opens them.
 *
 * <ul>
 *   <li>{@link #key} gives a holder of secrets (a grant, an application) a data key of its own.
 *   <li>What is sealed opens only for the same {@link SealingPlace}; a swapped row fails with {@link VaultException}.
 *   <li>Destroying the data key destroys everything sealed with it, in every backup that is younger.
 * </ul>
 */
@ApplicationScoped
public class TokenVault {
    private static final int KEY_BYTES = 32;

    private final TenantKeys tenantKeys;
    private final MeterRegistry meters;

    TokenVault(TenantKeys tenantKeys, MeterRegistry meters) {
        this.tenantKeys = tenantKeys;
        this.meters = meters;
    }

    /** A new data key for the holder at {@code place}. */
    public Uni<SealedWith> key(SealingPlace place) {
        return tenantKeys.primary(place.owner()).map(key -> {
            byte[] fresh = Random.randBytes(KEY_BYTES);
            try {
                return wrapped(fresh, key, place);
            } catch (GeneralSecurityException e) {
                throw new VaultException("A data key can not be wrapped", e);
            } finally {
                Arrays.fill(fresh, (byte) 0);
            }
        });
    }

    private static SealedWith wrapped(byte[] key, TenantKey with, SealingPlace place) throws GeneralSecurityException {
        return new SealedWith(with.id(), with.aead().encrypt(key, place.associatedDataOfKey()));
    }

    /** A refresh token and where it belongs. */
    public record Unsealed(RefreshToken token, SealingPlace place) {}

    /** A refresh token under a data key of its own. */
    public record Sealed(SealedWith with, byte[] cipher) {}

    /**
     * Seals many tokens, each with a data key of its own: the keys of their owners are asked for together. The work is done
     * by a worker thread.
     */
    public Uni<List<Sealed>> sealAll(List<Unsealed> tokens) {
        Set<String> owners = tokens.stream().map(token -> token.place().owner()).collect(Collectors.toSet());
        return tenantKeys
                .primaries(owners)
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(keys -> tokens.stream()
                        .map(token -> seal(
                                token,
                                Objects.requireNonNull(keys.get(token.place().owner()))))
                        .toList());
    }

    /** The data key is still in the clear: wrapping it only to open it again would be half of the work. */
    static Sealed seal(Unsealed token, TenantKey with) {
        byte[] fresh = Random.randBytes(KEY_BYTES);
        try {
            SealedWith key = wrapped(fresh, with, token.place());
            byte[] text = token.token().reveal(SecretAccess.forSealing()).getBytes(StandardCharsets.UTF_8);
            SealingPlace place = token.place().with(SecretKind.REFRESH_TOKEN);
            return new Sealed(key, new AesGcmJce(fresh).encrypt(text, place.associatedData()));
        } catch (GeneralSecurityException e) {
            throw new VaultException("A secret can not be sealed", e);
        } finally {
            Arrays.fill(fresh, (byte) 0);
        }
    }

    /** A sealed refresh token and where it belongs. */
    public record SealedAt(Sealed token, SealingPlace place) {}

    /** Opens many refresh tokens, in the same order. The work is done by a worker thread. */
    public Uni<List<RefreshToken>> openAll(List<SealedAt> tokens) {
        Set<UUID> wanted =
                tokens.stream().map(token -> token.token().with().tenantKeyId()).collect(Collectors.toSet());
        return tenantKeys
                .get(wanted)
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(keys -> tokens.stream()
                        .map(token -> open(
                                token,
                                Objects.requireNonNull(
                                        keys.get(token.token().with().tenantKeyId()))))
                        .toList());
    }

    private RefreshToken open(SealedAt token, TenantKey key) {
        SealingPlace place = token.place().with(SecretKind.REFRESH_TOKEN);
        return new RefreshToken(
                text(token.token().cipher(), dataKey(key, token.token().with(), place), place));
    }

    public Uni<byte[]> seal(RefreshToken token, SealedWith with, SealingPlace place) {
        return seal(token.reveal(SecretAccess.forSealing()), with, place.with(SecretKind.REFRESH_TOKEN));
    }

    public Uni<byte[]> seal(AccessToken token, SealedWith with, SealingPlace place) {
        return seal(token.reveal(SecretAccess.forSealing()), with, place.with(SecretKind.ACCESS_TOKEN));
    }

    public Uni<byte[]> seal(ClientSecret secret, SealedWith with, SealingPlace place) {
        return seal(secret.reveal(SecretAccess.forSealing()), with, place.with(SecretKind.CLIENT_SECRET));
    }

    /** Seals the random part of a consent link, so that a repeated request for it gets the same one. */
    public Uni<byte[]> sealLink(String link, SealedWith with, SealingPlace place) {
        return seal(link, with, place.with(SecretKind.CONSENT_LINK));
    }

    public Uni<RefreshToken> openRefreshToken(byte[] cipher, SealedWith with, SealingPlace place) {
        return open(cipher, with, place.with(SecretKind.REFRESH_TOKEN)).map(RefreshToken::new);
    }

    public Uni<AccessToken> openAccessToken(byte[] cipher, SealedWith with, SealingPlace place) {
        return open(cipher, with, place.with(SecretKind.ACCESS_TOKEN)).map(AccessToken::new);
    }

    public Uni<ClientSecret> openClientSecret(byte[] cipher, SealedWith with, SealingPlace place) {
        return open(cipher, with, place.with(SecretKind.CLIENT_SECRET)).map(ClientSecret::new);
    }

    public Uni<String> openLink(byte[] cipher, SealedWith with, SealingPlace place) {
        return open(cipher, with, place.with(SecretKind.CONSENT_LINK));
    }

    private Uni<byte[]> seal(String text, SealedWith with, SealingPlace place) {
        return dataKey(with, place).map(key -> {
            try {
                return key.encrypt(text.getBytes(StandardCharsets.UTF_8), place.associatedData());
            } catch (GeneralSecurityException e) {
                throw new VaultException("A secret can not be sealed", e);
            }
        });
    }

    private Uni<String> open(byte[] cipher, SealedWith with, SealingPlace place) {
        return dataKey(with, place).map(key -> text(cipher, key, place));
    }

    private String text(byte[] cipher, Aead key, SealingPlace place) {
        try {
            return new String(key.decrypt(cipher, place.associatedData()), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw doesNotOpen(place, e);
        }
    }

    private Uni<Aead> dataKey(SealedWith with, SealingPlace place) {
        return tenantKeys.get(with.tenantKeyId()).map(key -> dataKey(key, with, place));
    }

    private Aead dataKey(TenantKey key, SealedWith with, SealingPlace place) {
        try {
            byte[] unwrapped = key.aead().decrypt(with.dataKey(), place.associatedDataOfKey());
            try {
                return new AesGcmJce(unwrapped);
            } finally {
                Arrays.fill(unwrapped, (byte) 0);
            }
        } catch (GeneralSecurityException e) {
            throw doesNotOpen(place, e);
        }
    }

    private VaultException doesNotOpen(SealingPlace place, GeneralSecurityException e) {
        meters.counter("perennial.vault.unopened", "kind", place.kind().name()).increment();
        return new VaultException(
                place.kind() + " of " + place.holder() + " generation " + place.generation()
                        + " does not open: it was changed or moved here from another row",
                e);
    }
}
