package io.perennial.bench.mail;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.process.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Postfix's server that takes every mail and throws it away, and its counterpart that sends as fast as it can. */
final class SmtpSink implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(10);
    private static final String SINK = "smtp-sink";
    private static final String SOURCE = "smtp-source";
    private static final int BACKLOG = 256;

    private final Process process;
    private final int port;

    private SmtpSink(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static SmtpSink start() {
        int port = LoopbackPort.free();
        List<String> command = new ArrayList<>(List.of(tool(SINK), "-4"));
        if (System.getProperty("user.name", "").equals("root")) {
            command.addAll(List.of("-u", "nobody")); // it refuses to run as root
        }
        command.addAll(List.of(LoopbackPort.HOST + ":" + port, Integer.toString(BACKLOG)));
        Process process = launch(command);
        SmtpSink sink = new SmtpSink(process, port);
        if (!Waiting.until(START, () -> LoopbackPort.accepts(port))) {
            sink.close();
            throw new LauncherException(SINK + " does not accept connections");
        }
        return sink;
    }

    int port() {
        return port;
    }

    /** Starts sending so many mails over so many connections that stay open. */
    static Process source(int port, int mails, int connections, int bytes) {
        return launch(List.of(
                tool(SOURCE),
                "-4",
                "-d",
                "-s",
                Integer.toString(connections),
                "-m",
                Integer.toString(mails),
                "-l",
                Integer.toString(bytes),
                "-f",
                "reminders@perennial.example",
                "-t",
                "shop@merchant.example",
                LoopbackPort.HOST + ":" + port));
    }

    private static Process launch(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("can not run " + command.get(0), e);
        }
    }

    /** What to install where the tools are not there. */
    static Optional<String> missing() {
        return find(SINK).isPresent() && find(SOURCE).isPresent()
                ? Optional.empty()
                : Optional.of(SINK + " and " + SOURCE
                        + " are missing. On Debian and Ubuntu they are in the package postfix, which"
                        + " needs no running daemon: DEBIAN_FRONTEND=noninteractive apt-get install -y"
                        + " --no-install-recommends postfix && service postfix stop");
    }

    private static String tool(String name) {
        return find(name).orElseThrow(() -> new LauncherException(name + " is missing"));
    }

    private static Optional<String> find(String name) {
        return Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)), Stream.of("/usr/sbin"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
