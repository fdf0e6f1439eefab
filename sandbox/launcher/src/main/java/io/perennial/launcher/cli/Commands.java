package io.perennial.launcher.cli;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.stack.Part;
import io.perennial.launcher.stack.PartStatus;
import io.perennial.launcher.stack.Place;
import io.perennial.launcher.stack.Progress;
import io.perennial.launcher.stack.Stack;
import io.perennial.launcher.stack.StackService;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What each word does. The answer is the exit code. */
final class Commands {

    private static final String HELP =
            """
            usage: ./perennial COMMAND

              up [--detach]           build what is stale, start everything, wait until it is ready;
                                      without --detach Ctrl-C stops it all again
              down                    stop everything; the data stay
              status                  each process: state, start time, port, memory
              token ROLE [TENANT...]  a bearer token of the sandbox's issuer, for scripts
                                      (admin, operator, viewer, token-reader, link-issuer)
              import FILE [--dry-run] [--again]
                                      take over existing authorizations, one JSON object a line;
                                      after a crash the same call goes on where it stood
              logs [-f] [PROCESS]     the end of the logs; -f goes on as they grow
              advance DURATION        move the domain clock forward: 335d, 12h, P7D
              replay CONSUMER [TOPIC...] [--dry-run] [--kafka=FILE]
                                      hand dead letters to their consumer again, or only list them; FILE holds the
                                      settings of a Kafka client, for another broker than the local one
              rebuild CONSUMER [--kafka=FILE]
                                      tell a running service (token-monitor) the present state of everything anew
              demo [--seed=N] [--keep]
                                      60 merchants live through 400 days in some minutes, told in plain words; on
                                      parts of its own, which are gone afterwards unless --keep is said
              bench [NAME...] [--quick]
                                      measure beside limits and peers (bench --help lists what there is); on parts
                                      of its own, so that what is up stays as it is
              reset                   stop everything and delete data, secrets, logs and clock
              help                    this text

            PERENNIAL_PORT_OFFSET moves all ports by a number, PERENNIAL_HOME is the data directory (.perennial).
            """;

    private final PrintStream out;
    private final Stack stack;

    Commands(Path root, Map<String, String> environment, PrintStream out) {
        this.out = out;
        this.stack = Place.of(root, environment).stack();
    }

    int run(List<String> words) {
        String command = words.isEmpty() ? "help" : words.get(0);
        List<String> rest = words.isEmpty() ? List.of() : words.subList(1, words.size());
        return switch (command) {
            case "up" -> up(rest);
            case "down" -> down(rest);
            case "status" -> status(rest);
            case "token" -> token(rest);
            case "import" -> imports().run(rest);
            case "logs" -> logs(rest);
            case "advance" -> advance(rest);
            case "replay" -> replay(rest);
            case "rebuild" -> rebuild(rest);
            case "reset" -> reset(rest);
            case "help", "--help", "-h" -> help();
            default -> throw new WrongCall("there is no command '" + command + "'");
        };
    }

    private int up(List<String> words) {
        boolean detach = words.equals(List.of("--detach"));
        if (!detach && !words.isEmpty()) {
            throw new WrongCall("up knows --detach only");
        }
        if (stack.running()) {
            out.println("Perennial is already running");
            new Addresses(stack).printTo(out);
            return 0;
        }
        new Up(stack, out).run(detach);
        return 0;
    }

    private int down(List<String> words) {
        noMore("down", words);
        try (StackLock held = StackLock.take(stack.home(), "down")) {
            stack.stop(stops());
        }
        out.println("Perennial is stopped");
        return 0;
    }

    private int status(List<String> words) {
        noMore("status", words);
        List<PartStatus> all = stack.status();
        StatusTable.lines(all, ZoneId.systemDefault()).forEach(out::println);
        return all.stream().allMatch(one -> one.state() == PartStatus.State.READY) ? 0 : 1;
    }

    private int token(List<String> words) {
        if (words.isEmpty()) {
            throw new WrongCall("token needs a role");
        }
        out.println(stack.token(words.get(0), words.subList(1, words.size()).toArray(String[]::new)));
        return 0;
    }

    private FileImport imports() {
        return new FileImport(
                stack.url(StackService.AUTH_SERVICE), () -> stack.token("operator"), out, Duration.ofSeconds(3));
    }

    private int logs(List<String> words) {
        List<String> names = new ArrayList<>(words);
        boolean follow = names.remove("-f");
        if (names.size() > 1) {
            throw new WrongCall("logs takes one process");
        }
        List<Part> parts = names.isEmpty() ? stack.parts() : List.of(stack.part(names.get(0)));
        List<String> command = new ArrayList<>(List.of("tail", "-n", names.isEmpty() ? "30" : "200"));
        if (follow) {
            command.add("-F");
        }
        parts.stream().map(Part::log).filter(Files::exists).forEach(log -> command.add(log.toString()));
        if (command.get(command.size() - 1).startsWith("-") || command.size() == 3) {
            throw new LauncherException(
                    "there are no logs yet in " + stack.home().directory());
        }
        return inherit(command);
    }

    private int advance(List<String> words) {
        if (words.size() != 1) {
            throw new WrongCall("advance takes one duration, for example 335d");
        }
        Duration offset = stack.advance(DurationText.parse(words.get(0)));
        out.println("The domain clock is " + offset.toDays() + " d " + offset.toHoursPart() + " h ahead: "
                + Instant.now().plus(offset).truncatedTo(ChronoUnit.SECONDS) + ", taken by every process");
        return 0;
    }

    private int replay(List<String> words) {
        new ReplayCommand(stack, out).run(words);
        return 0;
    }

    private int rebuild(List<String> words) {
        new ReplayCommand(stack, out).rebuild(words);
        return 0;
    }

    private int reset(List<String> words) {
        noMore("reset", words);
        try (StackLock held = StackLock.take(stack.home(), "reset")) {
            stack.reset(stops());
        }
        out.println("Perennial is stopped and its data in " + stack.home().directory() + " are deleted");
        return 0;
    }

    private int help() {
        out.print(HELP);
        return 0;
    }

    private Progress stops() {
        return new Progress() {
            @Override
            public void stopped(String part) {
                out.println("  " + part + " stopped");
            }

            @Override
            public void note(String text) {
                out.println("  " + text);
            }
        };
    }

    private static int inherit(List<String> command) {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new LauncherException("can not run " + command.get(0) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }

    private static void noMore(String command, List<String> words) {
        if (!words.isEmpty()) {
            throw new WrongCall(command + " takes nothing more");
        }
    }
}
