package io.perennial.bench.lab;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.service.ServiceSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** token-monitor from its packaged jar. Its relay is off: what it announces stays in its outbox and can be counted. */
public final class TokenMonitor {
    public static final String DATABASE = "monitor";

    private static final int POOL = 12;
    private static final String NAME = "token-monitor";
    private static final Pattern USED = Pattern.compile("generation +total \\d+K, used (\\d+)K");

    private final Service service;
    private final Path clock;

    private TokenMonitor(Service service, Path clock) {
        this.service = service;
        this.clock = clock;
    }

    /** @param heap the most that its objects may take, in the words of the JVM */
    public static TokenMonitor start(Lab lab, String heap) {
        lab.createDatabase(DATABASE);
        Path clock = lab.directory().resolve("clock-offset");
        int port = LoopbackPort.free();
        Map<String, String> environment = Service.environment(lab, NAME, port, DATABASE, POOL, clock);
        environment.put("PERENNIAL_OUTBOX_ENABLED", "false");
        environment.put("PERENNIAL_OUTBOX_CAP", "10000000");
        List<String> options = new ArrayList<>(lab.jvmOptions(NAME));
        options.add("-Xmx" + heap);
        return new TokenMonitor(
                lab.started(Service.launch(new ServiceSpec(
                        NAME,
                        lab.root().resolve("token-monitor/target/quarkus-app"),
                        port,
                        options,
                        environment,
                        lab.log(NAME),
                        lab.record(NAME)))),
                clock);
    }

    public long pid() {
        return service.pid();
    }

    /** Moves its clock so that it will show an instant at that moment of the machine; returns when it is moved. */
    public void showAt(Instant shown, Instant machine) {
        Duration offset = Duration.between(machine, shown);
        try {
            Files.writeString(clock, offset.toString());
        } catch (IOException e) {
            throw new LauncherException("can not move the clock: " + e.getMessage(), e);
        }
        service.awaitClock(offset);
    }

    /** What is alive on its heap, after a collection of everything that is not. */
    public long liveKilobytes() {
        jcmd("GC.run");
        Matcher used = USED.matcher(jcmd("GC.heap_info"));
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1));
        }
        return sum;
    }

    private String jcmd(String command) {
        try {
            Process jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(pid()),
                            command)
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (jcmd.waitFor() != 0) {
                throw new LauncherException("jcmd " + command + " failed: " + answer.strip());
            }
            return answer;
        } catch (IOException e) {
            throw new LauncherException("jcmd " + command + " failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted during jcmd " + command, e);
        }
    }
}
