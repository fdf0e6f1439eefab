package io.perennial.auth.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import io.perennial.service.Mode;
import io.quarkus.arc.DefaultBean;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Key-encryption keys from files, read at start and again while running.
 *
 * <p>A key that is missing or malformed stops the start. Later it stops nothing: the keys that were read stay good until the
 * process ends, whatever becomes of their files.
 */
@ApplicationScoped
@DefaultBean
class KeyFiles implements KeyEncryptionKeys {
    private static final Logger LOG = Logger.getLogger(KeyFiles.class);
    private static final int KEY_BYTES = 32;

    /** Of 32 random bytes fewer than half are ever equal; a key of zeros or of letters typed by hand is known to others. */
    private static final int LEAST_DIFFERENT_BYTES = KEY_BYTES / 2;

    private static final String SUFFIX = ".key";
    private static final String SANDBOX_KEY = "sandbox-1";

    private final Path directory;
    private volatile Keyset keyset;

    /**
     * The keys at hand.
     *
     * @param openers those of the directory and those that were there before
     */
    private record Keyset(String primary, Map<String, Aead> openers) {
        boolean tellsTheSameAs(Keyset other) {
            return primary.equals(other.primary) && openers.keySet().equals(other.openers.keySet());
        }
    }

    KeyFiles(KeysConfig config, Mode mode) {
        this.directory = config.directory()
                .orElseThrow(() -> new VaultException("perennial.keys.directory is not set: nothing can be sealed"));
        if (read(directory).isEmpty()) {
            if (mode != Mode.SANDBOX) {
                throw new VaultException("perennial.keys.directory is " + directory
                        + ", which holds no key-encryption key (*.key): refusing to start. Put one there,"
                        + " 32 random bytes in Base64.");
            }
            create(directory);
        }
        this.keyset = load(Map.of());
        if (mode != Mode.SANDBOX && keyset.openers().containsKey(SANDBOX_KEY)) {
            throw new VaultException("perennial.keys.directory is " + directory + ", whose key " + SANDBOX_KEY
                    + " was made by a sandbox: refusing to start. Put a key of your own there.");
        }
    }

    @Override
    public String primary() {
        return keyset.primary();
    }

    @Override
    public Set<String> ids() {
        return keyset.openers().keySet();
    }

    @Override
    public Uni<Void> refresh() {
        return Uni.createFrom()
                .voidItem()
                .invoke(this::reload)
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private void reload() {
        try {
            Keyset before = keyset;
            Keyset now = load(before.openers());
            keyset = now;
            if (!now.tellsTheSameAs(before)) {
                LOG.infof(
                        "Key-encryption keys are now %s, primary %s",
                        now.openers().keySet(), now.primary());
            }
        } catch (VaultException e) {
            LOG.errorf("The keys that were read before stay in use: %s", e.getMessage());
        }
    }

    @Override
    public Uni<byte[]> wrap(String id, byte[] key, byte[] place) {
        return opener(id).map(aead -> {
            try {
                return aead.encrypt(key, place);
            } catch (GeneralSecurityException e) {
                throw new VaultException("A key can not be wrapped", e);
            }
        });
    }

    @Override
    public Uni<byte[]> unwrap(String id, byte[] wrapped, byte[] place) {
        return opener(id).map(aead -> {
            try {
                return aead.decrypt(wrapped, place);
            } catch (GeneralSecurityException e) {
                throw new VaultException("What key-encryption key " + id + " wrapped was changed or moved", e);
            }
        });
    }

    /** A key that is not known yet may have come just now. */
    private Uni<Aead> opener(String id) {
        Aead known = keyset.openers().get(id);
        return known != null
                ? Uni.createFrom().item(known)
                : refresh().map(read -> {
                    Aead fresh = keyset.openers().get(id);
                    if (fresh == null) {
                        throw new VaultException("Key-encryption key " + id
                                + " is not in perennial.keys.directory: its secrets can not be opened");
                    }
                    return fresh;
                });
    }

    private Keyset load(Map<String, Aead> before) {
        TreeMap<String, Aead> found = read(directory);
        if (found.isEmpty()) {
            throw new VaultException("No key-encryption key (*.key) in " + directory);
        }
        String primary = primaryOf(directory, found.lastKey());
        if (!found.containsKey(primary)) {
            throw new VaultException("The primary key-encryption key " + primary + " is not in " + directory);
        }
        Map<String, Aead> openers = new HashMap<>(before);
        openers.putAll(found);
        return new Keyset(primary, Map.copyOf(openers));
    }

    private static TreeMap<String, Aead> read(Path directory) {
        TreeMap<String, Aead> found = new TreeMap<>();
        if (!Files.isDirectory(directory)) {
            return found;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                found.put(name.substring(0, name.length() - SUFFIX.length()), aead(file));
            }
            return found;
        } catch (IOException e) {
            throw new VaultException("Key-encryption keys in " + directory + " can not be read", e);
        }
    }

    private static Aead aead(Path file) throws IOException {
        try {
            byte[] bytes = Base64.getDecoder()
                    .decode(Files.readString(file, StandardCharsets.US_ASCII).strip());
            if (bytes.length != KEY_BYTES) {
                throw new VaultException(file + " does not hold " + KEY_BYTES + " bytes");
            }
            if (differentBytes(bytes) < LEAST_DIFFERENT_BYTES) {
                throw new VaultException(file + " holds no random bytes. Put " + KEY_BYTES
                        + " random bytes in Base64 there if nothing is sealed with it yet; else rotate it away with the"
                        + " release that took it.");
            }
            return new AesGcmJce(bytes);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            // Without the cause: it could quote the content.
            throw new VaultException(file + " is not a Base64 key");
        }
    }

    private static long differentBytes(byte[] bytes) {
        return IntStream.range(0, bytes.length).map(at -> bytes[at]).distinct().count();
    }

    private static String primaryOf(Path directory, String last) {
        Path file = directory.resolve("primary");
        try {
            return Files.exists(file) ? Files.readString(file).strip() : last;
        } catch (IOException e) {
            throw new VaultException(file + " can not be read", e);
        }
    }

    private static void create(Path directory) {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        Path file = directory.resolve(SANDBOX_KEY + SUFFIX);
        try {
            Files.createDirectories(directory);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, Base64.getEncoder().encodeToString(bytes), StandardOpenOption.WRITE);
            LOG.infof("Created a key-encryption key for the sandbox: %s", file);
        } catch (IOException e) {
            throw new VaultException("A key-encryption key can not be created in " + directory, e);
        }
    }
}
