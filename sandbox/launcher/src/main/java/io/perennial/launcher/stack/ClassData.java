package io.perennial.launcher.stack;

import io.perennial.launcher.process.OwnedProcess;
import io.perennial.launcher.process.ProcessSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes class data from the services after their first start, for the later ones.
 *
 * <p>In a process of its own, since it takes a while and whoever started the stack has been told that it is ready; one
 * service after the other, since each stands still for a second or two.
 */
record ClassData(StackHome home) {

    private static final String NAME = "class-data";
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String EACH_IN_TURN =
            "while [ $# -gt 0 ]; do \"$1\" \"$2\" \"$3\" \"$4\" \"$5\"; shift 5; done";

    void take(List<ServicePart> services) {
        List<String> commands = services.stream()
                .map(ServicePart::takingClassData)
                .flatMap(Optional::stream)
                .flatMap(List::stream)
                .toList();
        if (commands.isEmpty()) {
            return;
        }
        List<String> words = new ArrayList<>(List.of("sh", "-c", EACH_IN_TURN, NAME));
        words.addAll(commands);
        OwnedProcess.start(new ProcessSpec(NAME, words, home.directory(), Map.of(), home.log(NAME), home.record(NAME)));
    }

    /** Returns when all are taken; whoever stops right after the first start waits for them once. */
    void await(Progress progress) {
        OwnedProcess.recorded(home.record(NAME)).ifPresent(taking -> {
            progress.note("class data for faster starts are being taken, once a build");
            if (!taking.awaitExit(PATIENCE)) {
                taking.discard();
            }
        });
    }
}
