package io.perennial.launcher.stack;

import io.perennial.launcher.process.OwnedProcess;
import io.perennial.launcher.process.ProcessSpec;
import io.perennial.launcher.process.Signal;
import io.perennial.launcher.service.ClassDataTaking;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes class data from the services after their first start, for the later ones.
 *
 * <p>In a process of its own, since it takes a while and whoever started the stack has been told that it is ready.
 */
record ClassData(StackHome home) {

    private static final String NAME = "class-data";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    void take(List<ServicePart> services) {
        List<String> arguments = services.stream()
                .map(ServicePart::takingClassData)
                .flatMap(Optional::stream)
                .flatMap(List::stream)
                .toList();
        if (arguments.isEmpty()) {
            return;
        }
        OwnedProcess.start(new ProcessSpec(
                NAME,
                ClassDataTaking.command(arguments),
                home.directory(),
                Map.of(),
                home.log(NAME),
                home.record(NAME)));
    }

    /** Returns when all are taken; whoever stops right after the first start waits for them once. */
    void await(Progress progress) {
        taking().ifPresent(taking -> {
            progress.note("class data for faster starts are being taken, once a build");
            if (!taking.awaitExit(PATIENCE)) {
                abandon();
            }
        });
    }

    /** What is not taken yet is taken after a later start. */
    void abandon() {
        taking().ifPresent(taking -> taking.stop(Signal.TERM, Duration.ofSeconds(5)));
    }

    private Optional<OwnedProcess> taking() {
        return OwnedProcess.recorded(home.record(NAME));
    }
}
