package io.perennial.launcher.cli;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.stack.StackHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/** One command at a time changes what runs; the system lets go of the lock when the command ends, however it ends. */
public record StackLock(FileChannel channel) implements AutoCloseable {

    public static StackLock take(StackHome home, String command) {
        try {
            Files.createDirectories(home.directory());
            FileChannel channel = FileChannel.open(home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw new LauncherException("can not run '" + command
                        + "': another ./perennial command is starting or stopping things in " + home.directory());
            }
            return new StackLock(channel);
        } catch (IOException e) {
            throw new LauncherException("can not lock " + home.lock() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
