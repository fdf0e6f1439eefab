package io.perennial.launcher.stack;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.LoopbackPort;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** The fixed ports, all moved by one number. */
public record Ports(int offset) {

    private static final int[] STANDARD = {
        8080, 8081, 8082, 8083, 8084, 8090, 8091, 9080, 9081, 9082, 9083, 9084, 9090, 9092, 15432, 2525
    };

    public Ports {
        if (offset < -1000 || offset > 45_000) {
            throw new LauncherException("PERENNIAL_PORT_OFFSET is " + offset + "; it may be -1000 to 45000");
        }
    }

    /** An offset at which every port is free, for tests that run beside a started Perennial. */
    public static Ports free() {
        for (int attempt = 0; attempt < 100; attempt++) {
            Ports candidate = new Ports(ThreadLocalRandom.current().nextInt(120, 160) * 100);
            if (IntStream.of(STANDARD).allMatch(port -> LoopbackPort.isFree(port + candidate.offset))) {
                return candidate;
            }
        }
        throw new LauncherException("no offset found at which all ports are free");
    }

    public int of(StackService service) {
        return service.standardPort() + offset;
    }

    public int issuer() {
        return 8091 + offset;
    }

    public int kafka() {
        return 9092 + offset;
    }

    public int postgres() {
        return 15432 + offset;
    }

    public int smtp() {
        return 2525 + offset;
    }

    /** How browsers and other services address a service. */
    public String url(StackService service) {
        // two host names make two sites, so that a consent crosses sites here as it does in the world
        String host = service == StackService.SANDBOX ? "127.0.0.1" : "localhost";
        return "http://" + host + ":" + of(service);
    }

    public String issuerUrl() {
        return "http://127.0.0.1:" + issuer() + "/perennial";
    }
}
