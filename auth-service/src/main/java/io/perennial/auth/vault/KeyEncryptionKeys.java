package io.perennial.auth.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import io.perennial.service.Mode;
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
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** The key-encryption keys, read once at start. A key that is missing or malformed stops the start. */
@ApplicationScoped
class KeyEncryptionKeys {
    private static final Logger LOG = Logger.getLogger(KeyEncryptionKeys.class);
    private static final int KEY_BYTES = 32;
    private static final String SUFFIX = ".key";

    private final Map<String, Aead> keys;
    private final String primary;

    KeyEncryptionKeys(KeysConfig config, Mode mode) {
        Path directory = config.directory()
                .orElseThrow(() -> new VaultException("perennial.keys.directory is not set: nothing can be sealed"));
        TreeMap<String, Aead> found = read(directory);
        if (found.isEmpty()) {
            if (mode != Mode.SANDBOX) {
                throw new VaultException("No key-encryption key (*.key) in " + directory + ": refusing to start");
            }
            create(directory);
            found = read(directory);
        }
        this.keys = Map.copyOf(found);
        this.primary = primaryOf(directory, found.lastKey());
        if (!keys.containsKey(primary)) {
            throw new VaultException("The primary key-encryption key " + primary + " is not in " + directory);
        }
    }

    String primary() {
        return primary;
    }

    Set<String> ids() {
        return keys.keySet();
    }

    Aead get(String id) {
        Aead key = keys.get(id);
        if (key == null) {
            throw new VaultException("Key-encryption key " + id + " is missing: its secrets can not be opened");
        }
        return key;
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
            return new AesGcmJce(bytes);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            // Without the cause: it could quote the content.
            throw new VaultException(file + " is not a Base64 key");
        }
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
        Path file = directory.resolve("kek-1" + SUFFIX);
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
