package io.perennial.launcher.stack;

import io.perennial.launcher.LauncherException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** Random secrets, made when first asked for and kept in files that only their owner may read. */
final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;

    Secrets(Path directory) {
        this.directory = directory;
    }

    /** 32 random bytes as text without characters that anything would have to quote. */
    String get(String name) {
        Path file = directory.resolve(name);
        try {
            makeDirectory(directory);
            try {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                byte[] bytes = new byte[32];
                RANDOM.nextBytes(bytes);
                Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            } catch (FileAlreadyExistsException e) {
                // made by an earlier start
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new LauncherException("can not keep a secret in " + file + ": " + e.getMessage(), e);
        }
    }

    /** A directory of its own for the key-encryption keys, which their owner writes itself. */
    Path keys() {
        Path keys = directory.resolve("keys");
        try {
            makeDirectory(keys);
        } catch (IOException e) {
            throw new LauncherException("can not create " + keys + ": " + e.getMessage(), e);
        }
        return keys;
    }

    private static void makeDirectory(Path path) throws IOException {
        Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
