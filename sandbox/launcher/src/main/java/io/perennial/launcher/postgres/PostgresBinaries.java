package io.perennial.launcher.postgres;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.DirectoryTree;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks the archive of this machine's kind once; later starts find it in the cache. */
final class PostgresBinaries {

    private static final Pattern JAR_NAME = Pattern.compile("/([^/!]+)\\.jar!");

    private PostgresBinaries() {}

    static Path unpackedIn(Path cache) {
        String name = archiveName();
        URL archive = PostgresBinaries.class.getClassLoader().getResource(name);
        if (archive == null) {
            throw new LauncherException("no PostgreSQL for this kind of machine: " + name
                    + " is not on the class path (known: Linux and macOS, x86_64 and ARM 64)");
        }
        Path home = cache.resolve(versionOf(archive, name));
        if (!Files.isDirectory(home)) {
            unpackTo(home, archive);
        }
        return home;
    }

    private static String archiveName() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String system = os.contains("mac") ? "darwin" : os.contains("win") ? "windows" : "linux";
        String machine =
                switch (arch) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    default -> arch;
                };
        return "postgres-" + system + "-" + machine + ".txz";
    }

    private static String versionOf(URL archive, String name) {
        Matcher jar = JAR_NAME.matcher(archive.toString());
        return jar.find() ? jar.group(1) : name.replace(".txz", "");
    }

    /** Several JVMs may do this at once: each unpacks beside the target, the first rename wins. */
    private static void unpackTo(Path home, URL archive) {
        try {
            Files.createDirectories(home.toAbsolutePath().getParent());
            Path beside = Files.createTempDirectory(home.toAbsolutePath().getParent(), "unpacking-");
            try (InputStream raw = archive.openStream();
                    TarArchiveInputStream tar = new TarArchiveInputStream(
                            new XZCompressorInputStream(new BufferedInputStream(raw, 1 << 16)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    unpack(entry, tar, beside);
                }
            }
            try {
                Files.move(beside, home, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException taken) {
                DirectoryTree.delete(beside);
                if (!Files.isDirectory(home)) {
                    throw taken;
                }
            }
        } catch (IOException e) {
            throw new LauncherException("can not unpack PostgreSQL to " + home + ": " + e.getMessage(), e);
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path root) throws IOException {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
            throw new IOException("entry outside of the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            try {
                Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            } catch (FileAlreadyExistsException e) {
                return;
            }
        } else {
            Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
            if ((entry.getMode() & 0100) != 0) {
                Files.setPosixFilePermissions(target, executable());
            }
        }
    }

    private static Set<PosixFilePermission> executable() {
        Set<PosixFilePermission> permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.OWNER_EXECUTE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.GROUP_EXECUTE);
        permissions.add(PosixFilePermission.OTHERS_READ);
        permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        return permissions;
    }
}
