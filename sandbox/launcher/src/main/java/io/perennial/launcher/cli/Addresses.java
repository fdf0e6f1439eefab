package io.perennial.launcher.cli;

import io.perennial.launcher.stack.Part;
import io.perennial.launcher.stack.Ports;
import io.perennial.launcher.stack.Stack;
import io.perennial.launcher.stack.StackService;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Where everything is and who may sign in. */
record Addresses(Stack stack) {

    void printTo(PrintStream out) {
        List<String> present = stack.parts().stream().map(Part::name).toList();
        Ports ports = stack.ports();
        for (StackService service : StackService.values()) {
            if (present.contains(service.processName())) {
                line(out, service.processName(), ports.url(service));
            }
        }
        line(out, "mails", ports.url(StackService.SANDBOX) + "/mails");
        line(out, "OIDC issuer", ports.issuerUrl());
        line(out, "Kafka", stack.bootstrapServers());
        line(out, "PostgreSQL", "127.0.0.1:" + ports.postgres());
        line(out, "SMTP", "127.0.0.1:" + ports.smtp());
        out.println("Sign-ins at the console, without a password: admin, operator, acme-operator, viewer");
        out.println("Sign-ins at the sandbox's Amazon: " + ports.url(StackService.SANDBOX) + "/sandbox/sellers");
    }

    private static void line(PrintStream out, String name, String address) {
        out.printf(Locale.ROOT, "  %-20s %s%n", name, address);
    }
}
