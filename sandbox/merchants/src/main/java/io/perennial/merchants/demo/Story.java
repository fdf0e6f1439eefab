package io.perennial.merchants.demo;

import io.perennial.launcher.stack.Stack;
import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Shop;
import io.perennial.merchants.year.Step;
import io.perennial.merchants.year.Told;
import io.perennial.merchants.year.Witness;
import io.perennial.merchants.year.Year;
import io.perennial.merchants.year.YearBook;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Sixty merchants connect, live through the year, and the books are compared. */
final class Story {
    private static final int MERCHANTS = 60;
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration QUIET_WEEKS = Duration.ofDays(28);

    private final Stack stack;
    private final long seed;
    private final PrintStream out;
    private final List<Told> fetches = new ArrayList<>();
    private final Set<String> connected = new HashSet<>();

    Story(Stack stack, long seed, PrintStream out) {
        this.stack = stack;
        this.seed = seed;
        this.out = out;
    }

    /** True if everything was as it should be. */
    boolean tell() {
        Instant begin = Instant.now();
        out.printf("A year of %d merchants, week by week, seed %d. Look on meanwhile:%n", MERCHANTS, seed);
        out.println(
                "  console  " + stack.url(StackService.CONSOLE) + "  (sign in as acme-operator, without a password)");
        out.println("  inbox    " + stack.url(StackService.SANDBOX) + "/mails");
        out.println("  Kafka    " + stack.bootstrapServers());
        out.println();
        out.println("An operator creates " + MERCHANTS
                + " connections by REST; each merchant opens his link and consents at Amazon");
        Cast cast = Cast.connect(stack, MERCHANTS);
        out.printf("  all are connected, after %s%n", seconds(begin));
        out.println(
                "  (the clock moves by four weeks while nothing is due, then by weeks: what happens is noticed after a move)");
        Year.Plan plan = new Year.Plan(Cast.TENANT, WEEK, QUIET_WEEKS, seed);
        Narrator narrator = new Narrator(cast.shops(), System.console() != null, out);
        YearBook book = new Year(stack, plan, cast.shops(), cast.strangers()).pass(new Witness() {
            @Override
            public void passed(Step step) {
                keep(step.news());
                narrator.passed(step);
            }
        });
        return sum(book, cast.shops(), begin);
    }

    private void keep(List<Told> news) {
        for (Told told : news) {
            switch (told.type()) {
                case "FetchCompleted" -> fetches.add(told);
                case "ConnectionAuthorized", "TokenRenewed", "TokenReinstated" -> connected.add(told.connectionId());
                case "TokenExpired", "TokenRevoked" -> connected.remove(told.connectionId());
                default -> {
                    // says nothing about who is connected
                }
            }
        }
    }

    private boolean sum(YearBook book, List<Shop> shops, Instant begin) {
        OrderBook orders = OrderBook.of(stack, shops, fetches);
        List<String> names = shops.stream()
                .filter(shop -> !connected.contains(shop.id()))
                .map(shop -> shop.seller().name())
                .toList();
        out.printf(
                "%nThe year is over after %s (seed %d). Held against inbox, Kafka and Amazon's log:%n",
                seconds(begin), seed);
        line("connected at the end", connected.size(), "of " + shops.size() + "; who never came back: " + join(names));
        line("mails", book.delivered(), "in the inbox; told as sent on Kafka: " + book.sent());
        line("  doubled", book.doubled().size(), "");
        line("  missed", book.missing().size(), "");
        line("  without a reason", book.unexpected().size(), "");
        line("  after the renewal", book.afterRenewal().size(), "");
        line("ends of authorizations", book.ends(), "compared with Amazon's, to the second");
        line("  wrong", book.wrongEnds().size(), "");
        line("orders", orders.known(), "that Amazon knows of the time that was read");
        line("  missed", orders.missed(), "");
        line("  published twice", orders.doubled(), "");
        List<String> wrong = wrong(book);
        wrong.forEach(one -> out.println("WRONG: " + one));
        return wrong.isEmpty() && orders.missed() == 0 && orders.doubled() == 0;
    }

    private static List<String> wrong(YearBook book) {
        List<String> wrong = new ArrayList<>(book.doubled());
        wrong.addAll(book.missing());
        wrong.addAll(book.unexpected());
        wrong.addAll(book.afterRenewal());
        wrong.addAll(book.wrongEnds());
        // nobody dies here
        wrong.addAll(book.unexplained(0, 0));
        return wrong;
    }

    private void line(String what, long count, String more) {
        out.println(String.format(Locale.ENGLISH, "  %-24s %,8d  %s", what, count, more)
                .stripTrailing());
    }

    private static String join(List<String> names) {
        return names.isEmpty() ? "nobody" : String.join(", ", names);
    }

    private static String seconds(Instant begin) {
        Duration took = Duration.between(begin, Instant.now());
        return took.toMinutes() == 0
                ? took.toSeconds() + " s"
                : took.toMinutes() + " min " + took.toSecondsPart() + " s";
    }
}
