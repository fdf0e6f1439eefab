package io.perennial.merchants.demo;

import io.perennial.merchants.Seller;
import io.perennial.merchants.Shop;
import io.perennial.merchants.year.Act;
import io.perennial.merchants.year.Step;
import io.perennial.merchants.year.Told;
import io.perennial.merchants.year.Witness;
import io.perennial.merchants.year.Year;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells in plain words what each week brought; moves after which nobody had to be told anything become one line. */
final class Narrator implements Witness {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final int WEEKS = (int) Year.LENGTH.plusDays(6).dividedBy(Duration.ofDays(7));
    private static final int NAMED = 4;

    /** After so many quiet weeks a reader of lines wants to hear that all goes on. */
    private static final int SEASON = 12;

    private final Map<String, String> names;
    private final boolean terminal;
    private final PrintStream out;
    private final Set<String> revoked = new HashSet<>();
    private int told;
    private int quietUntil;
    private long quietOrders;

    /** @param terminal whether a line may be written over */
    Narrator(List<Shop> shops, boolean terminal, PrintStream out) {
        this.names = shops.stream()
                .collect(Collectors.toMap(Shop::id, shop -> shop.seller().name()));
        this.terminal = terminal;
        this.out = out;
    }

    @Override
    public void passed(Step step) {
        long orders = step.news().stream().mapToLong(Narrator::orders).sum();
        int week = (int) (step.passed().toDays() / 7);
        if (week == 0) {
            out.printf(Locale.ENGLISH, "  their orders of the last 30 days are here: %,d%n", orders);
            return;
        }
        Map<String, List<String>> happened = happened(step);
        if (happened.isEmpty()) {
            quiet(week, orders);
            return;
        }
        endQuiet();
        told = week;
        out.printf(
                Locale.ENGLISH,
                "%nWeek %d of %d, %s: %,d orders fetched%n",
                week,
                WEEKS,
                DAY.format(step.now()),
                orders);
        happened.forEach((what, who) -> out.println("  " + what + ": " + some(who)));
    }

    private void quiet(int week, long orders) {
        quietUntil = week;
        quietOrders += orders;
        if (terminal) {
            out.printf(Locale.ENGLISH, "\rWeek %d of %d: nobody has to be told anything ", week, WEEKS);
            out.flush();
        }
        if (week == WEEKS || !terminal && week - told >= SEASON) {
            endQuiet();
        }
    }

    private void endQuiet() {
        if (quietUntil > told) {
            out.printf(
                    Locale.ENGLISH,
                    "%s%s of %d: nobody has to be told anything; %,d orders fetched%n",
                    terminal ? "\r" : System.lineSeparator(),
                    quietUntil == told + 1 ? "Week " + quietUntil : "Weeks " + (told + 1) + " to " + quietUntil,
                    WEEKS,
                    quietOrders);
        }
        told = Math.max(told, quietUntil);
        quietOrders = 0;
    }

    /** What, and to whom, in the order in which it is told. */
    private Map<String, List<String>> happened(Step step) {
        Map<String, List<String>> happened = new LinkedHashMap<>();
        for (Told event : step.news()) {
            if (event.type().equals("TokenRevoked")) {
                revoked.add(event.connectionId());
            }
            if (event.type().equals("ReminderSent")) {
                note(happened, mail(event), name(event));
            }
        }
        for (Act act : step.acts()) {
            switch (act.kind()) {
                case REVOKED -> note(happened, "took the authorization back at Amazon", name(act.shop()));
                case TURNED_BACK -> note(happened, "turned back on Amazon's page", name(act.shop()));
                case CAME_AS_ANOTHER ->
                    note(happened, "signed in with a wrong account and was refused", wrong(act.shop(), act.as()));
                case RENEWED -> {
                    // told below by the event, which knows how early or late
                }
            }
        }
        for (Told event : step.news()) {
            if (event.type().equals("TokenRenewed")) {
                note(happened, "renewed", name(event) + " (" + when(event) + ")");
            }
        }
        for (Told event : step.news()) {
            if (event.data().path("reason").asText().equals("RENEWAL_GAP") && orders(event) > 0) {
                note(
                        happened,
                        "orders caught up",
                        String.format(Locale.ENGLISH, "%s (%,d)", name(event), orders(event)));
            }
        }
        return happened;
    }

    private static void note(Map<String, List<String>> happened, String what, String who) {
        happened.computeIfAbsent(what, none -> new ArrayList<>()).add(who);
    }

    private static String mail(Told told) {
        int stage = told.data().path("stage").asInt();
        return switch (told.data().path("kind").asText()) {
            case "EXPIRING" -> "reminded by mail, " + stage + " days before the end";
            case "EXPIRED" -> "told by mail that the authorization has ended";
            case "OVERDUE" -> "reminded by mail, " + (stage == 1 ? "a week" : stage + " weeks") + " after the end";
            case "REVOKED" -> "told by mail that Amazon refuses the authorization, and what that means";
            case "RECONNECTED" -> "told by mail that they are connected again";
            default -> "mailed";
        };
    }

    private String when(Told renewed) {
        if (revoked.remove(renewed.connectionId())) {
            return "after taking it back";
        }
        Instant end = renewed.instant("previousEndsAt");
        Duration early = Duration.between(renewed.occurredAt(), end);
        long days = early.abs().toDays();
        String length = days == 1 ? "a day" : days + " days";
        if (days == 0) {
            return "on the last day";
        }
        return early.isNegative() ? length + " late" : length + " early";
    }

    /** Of a completed fetch; anything else brought none. */
    static long orders(Told told) {
        return told.type().equals("FetchCompleted")
                ? told.data().path("ordersNew").asLong()
                        + told.data().path("ordersUpdated").asLong()
                : 0;
    }

    private String name(Told told) {
        return names.getOrDefault(told.connectionId(), told.connectionId());
    }

    private static String name(Shop shop) {
        return shop.seller().name();
    }

    private static String wrong(Shop shop, @Nullable Seller as) {
        return name(shop) + (as == null ? "" : " (as " + as.name() + ")");
    }

    private static String some(List<String> who) {
        if (who.size() <= NAMED + 1) {
            return String.join(", ", who);
        }
        return String.join(", ", who.subList(0, NAMED)) + " and " + (who.size() - NAMED) + " more";
    }
}
