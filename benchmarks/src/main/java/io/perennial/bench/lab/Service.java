package io.perennial.bench.lab;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.OwnedProcess;
import io.perennial.launcher.process.Waiting;
import io.perennial.launcher.service.ServiceProcess;
import io.perennial.launcher.service.ServiceSpec;
import java.time.Duration;

/** A packaged service as a process of its own, with the heap and the compiler that the launcher gives to all of them. */
public final class Service {
    private final ServiceProcess process;
    private final int port;

    private Service(ServiceProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    static Service launch(ServiceSpec spec) {
        Service service = new Service(new ServiceProcess(spec), spec.port());
        service.process.launch();
        return service;
    }

    void awaitReady(Duration deadline) {
        process.awaitReady(deadline);
    }

    public int port() {
        return port;
    }

    public String url() {
        return "http://localhost:" + port;
    }

    public long pid() {
        return process.process()
                .map(OwnedProcess::pid)
                .orElseThrow(() -> new LauncherException(process.name() + " does not run; log " + process.log()));
    }

    void awaitClock(Duration offset) {
        if (!Waiting.until(
                Duration.ofSeconds(10),
                () -> process.clockOffset().filter(offset::equals).isPresent())) {
            throw new LauncherException(process.name() + " does not take the clock");
        }
    }

    void stop() {
        process.stop();
    }
}
