package io.perennial.merchants.year;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.merchants.Shop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What should have been said in a year, reckoned from the provider's dates and the steps of the clock by rules of its own,
 * beside what the broker, the inbox and the provider's log hold. Shares no code with the services. Each list that it gives
 * names what is wrong, in words; all are empty when nothing is.
 */
public final class YearBook {
    private static final List<Integer> STAGES = List.of(30, 23, 16, 9, 2);
    private static final Set<String> REMINDING = Set.of("EXPIRING", "EXPIRED", "OVERDUE", "REVOKED");
    private static final int LAST_WEEK = 8;
    private static final Duration YEAR = Duration.ofDays(365);

    private final List<Instant> steps = new ArrayList<>();
    private final Map<String, List<Told>> told = new HashMap<>();
    private final Set<String> missing = new TreeSet<>();
    private final Set<String> unexpected = new TreeSet<>();
    private final Set<String> wrongEnds = new TreeSet<>();
    private List<String> inbox = List.of();
    private int ends;
    private int ambiguous;

    void noteStep(Instant now) {
        steps.add(now);
    }

    /** Takes events of its shops, each once. */
    void note(Collection<Told> news) {
        news.forEach(one -> told.computeIfAbsent(one.connectionId(), id -> new ArrayList<>())
                .add(one));
    }

    /** Compares with what the inbox and the provider hold. */
    void close(List<Shop> shops, Facts facts) {
        inbox = facts.inbox();
        for (Shop shop : shops) {
            List<Told> all = told.getOrDefault(shop.id(), List.of());
            Set<String> possible = new HashSet<>();
            Set<String> expected = expected(shop, all, possible);
            Set<String> mails = reminders(all, "ReminderSent");
            Set<String> unsure = reminders(all, "ReminderAmbiguous");
            ambiguous += unsure.size();
            expected.stream()
                    .filter(mail -> !mails.contains(mail) && !unsure.contains(mail))
                    .forEach(missing::add);
            mails.stream()
                    .filter(mail -> !expected.contains(mail) && !possible.contains(mail))
                    .forEach(unexpected::add);
        }
        compareEnds(shops, facts);
    }

    /**
     * The stages that a look at each step finds begun, each once, until the renewal; at the end one mail, then one a week.
     * After a revocation the weeks count from when it was found.
     *
     * @param possible takes what may be told as well: a stage of the step in which the grant is found to be revoked, and the
     *     weeks until the merchant has heard of that: nobody waits for probes before the clock moves on
     */
    private Set<String> expected(Shop shop, List<Told> all, Set<String> possible) {
        Set<String> expected = new LinkedHashSet<>();
        List<Told> grants = of(all, "ConnectionAuthorized", "TokenRenewed");
        for (int i = 0; i < grants.size(); i++) {
            Told grant = grants.get(i);
            int generation = grant.generation();
            Instant end = grant.instant("endsAt");
            Instant until = i + 1 < grants.size() ? grants.get(i + 1).occurredAt() : Instant.MAX;
            Instant revoked = of(all, "TokenRevoked").stream()
                    .filter(event -> event.generation() == generation)
                    .map(Told::occurredAt)
                    .findAny()
                    .orElse(Instant.MAX);
            if (!revoked.equals(Instant.MAX)) {
                expected.add(mail(shop.id(), generation, "REVOKED", 0));
            }
            Instant dead = revoked.isBefore(end) ? revoked : end;
            Instant heard = dead.equals(end) ? end : heardOfRevocation(all, generation);
            Set<Integer> reached = new HashSet<>();
            for (int at = 0; at < steps.size(); at++) {
                Instant step = steps.get(at);
                if (!step.isAfter(grant.occurredAt()) || !step.isBefore(until)) {
                    continue;
                }
                long week = Duration.between(dead, step).toDays() / 7;
                if (week >= 1 && week <= LAST_WEEK) {
                    (step.isAfter(heard) ? expected : possible).add(mail(shop.id(), generation, "OVERDUE", week));
                }
                if (!step.isBefore(revoked)) {
                    continue;
                }
                if (at + 1 < steps.size() && revoked.isBefore(steps.get(at + 1))) {
                    STAGES.forEach(stage -> possible.add(mail(shop.id(), generation, "EXPIRING", stage)));
                    continue;
                }
                if (step.isBefore(end)) {
                    STAGES.stream()
                            .filter(stage -> !step.isBefore(end.minus(Duration.ofDays(stage))))
                            .reduce((earlier, later) -> later)
                            .filter(reached::add)
                            .ifPresent(stage -> expected.add(mail(shop.id(), generation, "EXPIRING", stage)));
                } else {
                    expected.add(mail(shop.id(), generation, "EXPIRED", 0));
                }
            }
        }
        return expected;
    }

    private static Instant heardOfRevocation(List<Told> all, int generation) {
        return of(all, "ReminderSent", "ReminderAmbiguous").stream()
                .filter(event -> event.generation() == generation
                        && event.data().path("kind").asText().equals("REVOKED"))
                .map(Told::occurredAt)
                .findFirst()
                .orElse(Instant.MAX);
    }

    private static Set<String> reminders(List<Told> all, String type) {
        return of(all, type).stream()
                .filter(event -> REMINDING.contains(event.data().path("kind").asText()))
                .map(YearBook::mail)
                .collect(Collectors.toSet());
    }

    private static String mail(Told event) {
        JsonNode data = event.data();
        String kind = data.path("kind").asText();
        boolean staged = kind.equals("EXPIRING") || kind.equals("OVERDUE");
        return mail(
                event.connectionId(),
                event.generation(),
                kind,
                staged ? data.path("stage").asInt() : 0);
    }

    private static String mail(String connection, int generation, String kind, long stage) {
        return connection + " generation " + generation + " " + kind + " " + stage;
    }

    private static List<Told> of(List<Told> all, String... types) {
        Set<String> wanted = Set.of(types);
        return all.stream().filter(event -> wanted.contains(event.type())).toList();
    }

    /** Mails that were told, announced or delivered more than once. */
    public List<String> doubled() {
        List<String> doubled = new ArrayList<>(repeated(inbox));
        told.values().forEach(all -> {
            doubled.addAll(repeated(
                    of(all, "ReminderSent").stream().map(YearBook::mail).toList()));
            doubled.addAll(repeated(of(all, "TokenExpiring").stream()
                    .map(event -> event.connectionId() + " generation " + event.generation() + " stage "
                            + event.data().path("stage").asInt())
                    .toList()));
        });
        if (inbox.size() > sent() + ambiguous) {
            doubled.add(inbox.size() + " mails in the inbox, but only " + sent() + " are told as sent");
        }
        return doubled;
    }

    private static Collection<String> repeated(List<String> all) {
        Set<String> seen = new HashSet<>();
        return all.stream().filter(one -> !seen.add(one)).toList();
    }

    /** Mails that should have gone and neither went nor were left unsure by a death. */
    public List<String> missing() {
        List<String> all = new ArrayList<>(missing);
        if (inbox.size() < sent()) {
            all.add(sent() + " mails are told as sent, but only " + inbox.size() + " are in the inbox");
        }
        return all;
    }

    /** Mails for which there was no reason. */
    public List<String> unexpected() {
        return List.copyOf(unexpected);
    }

    /** Reminders of a grant in whose place a new one stood already. */
    public List<String> afterRenewal() {
        List<String> late = new ArrayList<>();
        told.values().forEach(all -> of(all, "TokenRenewed").forEach(renewed -> of(all, "ReminderSent").stream()
                .filter(mail -> mail.generation() < renewed.generation()
                        && !mail.occurredAt().isBefore(renewed.occurredAt()))
                .map(YearBook::mail)
                .forEach(late::add)));
        return late;
    }

    /** Ends that are not the provider's. */
    public List<String> wrongEnds() {
        return List.copyOf(wrongEnds);
    }

    /** How many mails were told as sent, whatever they said. */
    public int sent() {
        return told.values().stream()
                .mapToInt(all -> of(all, "ReminderSent").size())
                .sum();
    }

    /** How many are in the inbox. */
    public int delivered() {
        return inbox.size();
    }

    /** Mails of which a death left unsure whether they went. */
    public int ambiguous() {
        return ambiguous;
    }

    /**
     * What no death explains: each of a service that mails leaves unsure at most what it had in hand, and without a death
     * nothing is unsure.
     *
     * @param deaths of services that mail
     * @param inFlight how many mails one of them has in hand at once, at most
     */
    public List<String> unexplained(int deaths, int inFlight) {
        int most = deaths * inFlight;
        return ambiguous <= most
                ? List.of()
                : List.of(ambiguous + " mails are unsure, but " + deaths + " deaths explain at most " + most);
    }

    /** How many ends were compared with the provider's. */
    public int ends() {
        return ends;
    }

    /** A year from the consent, which the service hears of no later than when it exchanges the code. */
    private void compareEnds(List<Shop> shops, Facts facts) {
        for (Shop shop : shops) {
            String account = shop.seller().id();
            List<Told> consents =
                    of(told.getOrDefault(shop.id(), List.of()), "ConnectionAuthorized", "TokenRenewed").stream()
                            .filter(event ->
                                    !event.data().path("origin").asText().equals("IMPORT"))
                            .toList();
            if (consents.isEmpty()) {
                continue;
            }
            Instant end = consents.get(consents.size() - 1).instant("endsAt");
            Instant earliest = facts.ends().getOrDefault(account, Instant.MAX);
            Instant latest = facts.exchanges()
                    .getOrDefault(account, Instant.EPOCH)
                    .plus(YEAR)
                    .plusSeconds(1);
            ends++;
            if (end.isBefore(earliest) || end.isAfter(latest)) {
                wrongEnds.add("the end of " + shop.seller().email() + " is " + end + ", not between " + earliest
                        + " and " + latest);
            }
        }
    }

    @Override
    public String toString() {
        return "%d steps, %d mails, %d unsure, %d missing, %d unexpected"
                .formatted(steps.size(), sent(), ambiguous, missing.size(), unexpected.size());
    }
}
