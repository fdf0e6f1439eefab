package io.perennial.launcher.stack;

/**
 * One of the processes of a service, counted from 1. The first is the one people know; the others share its database,
 * broker, keys and public address, and have a name and ports of their own.
 */
record Replica(StackService service, int number) {

    /** Far enough that no replica meets the port of another service. */
    private static final int PORTS_APART = 20;

    private static final int MANAGEMENT = 1000;

    String name() {
        return number == 1 ? service.processName() : service.processName() + "-" + number;
    }

    int port(Ports ports) {
        return ports.of(service) + PORTS_APART * (number - 1);
    }

    int managementPort(Ports ports) {
        return port(ports) + MANAGEMENT;
    }
}
