package io.perennial.launcher.process;

import io.perennial.launcher.LauncherException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports of the loopback address. */
public final class LoopbackPort {

    public static final String HOST = "127.0.0.1";

    /** Below the range from which systems serve outgoing connections, so that none of those takes the port meanwhile. */
    private static final int LOWEST = 15_500;

    private static final int HIGHEST = 32_000;
    private static final int STRETCH = 64;
    private static final AtomicInteger NEXT = new AtomicInteger();

    private LoopbackPort() {}

    /**
     * A port that nobody listens on. Whoever takes it listens some seconds later; so each process looks in a stretch of its own
     * and never gives the same port twice running, since several that begin at the same time would take each other's.
     */
    public static int free() {
        int stretches = (HIGHEST - LOWEST) / STRETCH;
        int first = LOWEST + (int) (ProcessHandle.current().pid() % stretches) * STRETCH;
        for (int attempt = 0; attempt < STRETCH; attempt++) {
            int candidate = first + Math.floorMod(NEXT.getAndIncrement(), STRETCH);
            if (isFree(candidate)) {
                return candidate;
            }
        }
        throw new LauncherException("no free port found between " + first + " and " + (first + STRETCH));
    }

    public static boolean isFree(int port) {
        if (accepts(port)) {
            return false;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** True when somebody takes connections there. */
    public static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(HOST, port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Refuses a port that is taken, in words that say how to go on. */
    public static void requireFree(int port, String owner) {
        if (!isFree(port)) {
            throw new LauncherException("port " + port + " is in use, " + owner
                    + " needs it: stop what listens there, or move all ports with PERENNIAL_PORT_OFFSET=<number>");
        }
    }
}
