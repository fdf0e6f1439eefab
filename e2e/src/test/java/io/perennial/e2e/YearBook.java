package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.contracts.Topics;
import io.perennial.launcher.stack.StackService;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.ReceivedEvent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * beside what the broker and the inbox hold. Shares no code with the services.
 */
final class YearBook {
    private static final List<Integer> STAGES = List.of(30, 23, 16, 9, 2);
    private static final int LAST_WEEK = 8;
    private static final Duration YEAR = Duration.ofDays(365);

    private final House house;
    private final List<Instant> steps = new ArrayList<>();
    private final Map<String, List<ReceivedEvent>> told = new HashMap<>();
    private final Set<String> missing = new TreeSet<>();
    private final Set<String> unexpected = new TreeSet<>();
    private List<String> inbox = List.of();
    private int sent;
    private int ambiguous;

    YearBook(House house) {
        this.house = house;
    }

    void noteStep(Instant now) {
        steps.add(now);
    }

    /** Reads everything and compares. */
    void close(Events events, List<Shop> shops) {
        Set<String> ours = shops.stream().map(Shop::id).collect(Collectors.toSet());
        Set<String> ids = new HashSet<>();
        events.upToNow().stream()
                .filter(event -> ours.contains(event.connectionId())
                        && !event.topic().equals(Topics.CONNECTION_STATE)
                        && ids.add(event.id()))
                .forEach(event -> told.computeIfAbsent(event.connectionId(), id -> new ArrayList<>())
                        .add(event));
        inbox = messagesTo(shops.stream().map(shop -> shop.seller().email()).collect(Collectors.toSet()));
        for (Shop shop : shops) {
            List<ReceivedEvent> all = told.getOrDefault(shop.id(), List.of());
            Set<String> possible = new HashSet<>();
            Set<String> expected = expected(shop, all, possible);
            Set<String> mails = mails(all, "ReminderSent");
            Set<String> unsure = mails(all, "ReminderAmbiguous");
            sent += mails.size();
            ambiguous += unsure.size();
            expected.stream().filter(mail -> !mails.contains(mail)).forEach(missing::add);
            missing.removeAll(unsure);
            mails.stream()
                    .filter(mail -> !expected.contains(mail) && !possible.contains(mail))
                    .forEach(unexpected::add);
        }
    }

    /**
     * The stages that a look at each step finds begun, each once, until the renewal; at the end one mail, then one a week.
     *
     * @param possible takes what may be told as well: a stage of the step in which the grant is found to be revoked, and the
     *     weeks after a revocation, which are counted from when it was found
     */
    private Set<String> expected(Shop shop, List<ReceivedEvent> all, Set<String> possible) {
        Set<String> expected = new LinkedHashSet<>();
        List<ReceivedEvent> grants = of(all, "ConnectionAuthorized", "TokenRenewed");
        for (int i = 0; i < grants.size(); i++) {
            JsonNode grant = grants.get(i).data();
            int generation = grant.path("generation").asInt();
            Instant ends = Instant.parse(grant.path("endsAt").asText());
            Instant from = Instant.parse(grant.path("occurredAt").asText());
            Instant until = i + 1 < grants.size()
                    ? Instant.parse(grants.get(i + 1).data().path("occurredAt").asText())
                    : Instant.MAX;
            Instant revoked = of(all, "TokenRevoked").stream()
                    .filter(event -> event.data().path("generation").asInt() == generation)
                    .map(event -> Instant.parse(event.data().path("occurredAt").asText()))
                    .findAny()
                    .orElse(Instant.MAX);
            if (!revoked.equals(Instant.MAX)) {
                expected.add(mail(shop.id(), generation, "REVOKED", 0));
                for (int week = 1; week <= LAST_WEEK; week++) {
                    possible.add(mail(shop.id(), generation, "OVERDUE", week));
                }
            }
            Set<Integer> reached = new HashSet<>();
            for (int at = 0; at < steps.size(); at++) {
                Instant step = steps.get(at);
                if (!step.isAfter(from) || !step.isBefore(until) || !step.isBefore(revoked)) {
                    continue;
                }
                if (at + 1 < steps.size() && revoked.isBefore(steps.get(at + 1))) {
                    STAGES.forEach(stage -> possible.add(mail(shop.id(), generation, "EXPIRING", stage)));
                    continue;
                }
                if (step.isBefore(ends)) {
                    STAGES.stream()
                            .filter(stage -> !step.isBefore(ends.minus(Duration.ofDays(stage))))
                            .reduce((earlier, later) -> later)
                            .filter(reached::add)
                            .ifPresent(stage -> expected.add(mail(shop.id(), generation, "EXPIRING", stage)));
                } else {
                    expected.add(mail(shop.id(), generation, "EXPIRED", 0));
                    long week = Duration.between(ends, step).toDays() / 7;
                    if (week >= 1 && week <= LAST_WEEK) {
                        expected.add(mail(shop.id(), generation, "OVERDUE", week));
                    }
                }
            }
        }
        return expected;
    }

    private static Set<String> mails(List<ReceivedEvent> all, String type) {
        return of(all, type).stream().map(YearBook::mail).collect(Collectors.toSet());
    }

    private static String mail(ReceivedEvent event) {
        JsonNode data = event.data();
        String kind = data.path("kind").asText();
        boolean staged = kind.equals("EXPIRING") || kind.equals("OVERDUE");
        return mail(
                event.connectionId(),
                data.path("generation").asInt(),
                kind,
                staged ? data.path("stage").asInt() : 0);
    }

    private static String mail(String connection, int generation, String kind, long stage) {
        return connection + " generation " + generation + " " + kind + " " + stage;
    }

    private static List<ReceivedEvent> of(List<ReceivedEvent> all, String... types) {
        Set<String> wanted = Set.of(types);
        return all.stream().filter(event -> wanted.contains(event.type())).toList();
    }

    void assertNobodyIsToldTwice() {
        told.values().forEach(all -> {
            assertThat(of(all, "ReminderSent")).extracting(YearBook::mail).doesNotHaveDuplicates();
            assertThat(of(all, "TokenExpiring"))
                    .extracting(event -> event.data().path("generation").asInt() + " "
                            + event.data().path("stage").asInt())
                    .doesNotHaveDuplicates();
        });
        assertThat(inbox).doesNotHaveDuplicates();
        assertThat(inbox.size())
                .as("mails in the inbox, beside those told as sent and those that a death left unsure")
                .isBetween(sent, sent + ambiguous);
    }

    void assertNobodyIsForgotten(boolean quietly) {
        assertThat(unexpected).isEmpty();
        assertThat(missing).isEmpty();
        if (quietly) {
            assertThat(ambiguous).isZero();
        }
    }

    void assertNobodyIsToldOfWhatHeHasDone() {
        told.values().forEach(all -> of(all, "TokenRenewed").forEach(renewed -> {
            Instant since = Instant.parse(renewed.data().path("occurredAt").asText());
            assertThat(of(all, "ReminderSent"))
                    .filteredOn(event -> event.data().path("generation").asInt()
                            < renewed.data().path("generation").asInt())
                    .extracting(event ->
                            Instant.parse(event.data().path("occurredAt").asText()))
                    .allMatch(instant -> instant.isBefore(since));
        }));
    }

    /** A year from the consent, which the service hears of no later than when it exchanges the code. */
    void assertEndsAreThoseOfTheProvider(List<Shop> shops) {
        Map<String, Instant> ends = instants("select seller_id, expires_at from authorization_given");
        Map<String, Instant> exchanges = instants(
                """
                select seller_id, max(domain_time) from call_log
                 where grant_type = 'authorization_code' and status = 200 group by 1
                """);
        for (Shop shop : shops) {
            List<ReceivedEvent> renewals = of(told.getOrDefault(shop.id(), List.of()), "TokenRenewed");
            if (!renewals.isEmpty()) {
                String account = shop.seller().id();
                JsonNode last = renewals.get(renewals.size() - 1).data();
                assertThat(Instant.parse(last.path("endsAt").asText()))
                        .as("end of " + shop.seller().email())
                        .isBetween(
                                ends.get(account),
                                exchanges.get(account).plus(YEAR).plusSeconds(1));
            }
        }
    }

    private Map<String, Instant> instants(String sql) {
        Map<String, Instant> found = new HashMap<>();
        try (Connection database = house.database(StackService.SANDBOX);
                ResultSet rows = database.createStatement().executeQuery(sql)) {
            while (rows.next()) {
                found.put(rows.getString(1), rows.getTimestamp(2).toInstant());
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return found;
    }

    private List<String> messagesTo(Set<String> addresses) {
        List<String> found = new ArrayList<>();
        try (Connection database = house.database(StackService.SANDBOX);
                ResultSet rows = database.createStatement().executeQuery("select recipients, message_id from mail")) {
            while (rows.next()) {
                if (addresses.contains(rows.getString(1))) {
                    found.add(rows.getString(2));
                }
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return found;
    }

    @Override
    public String toString() {
        return "%d steps, %d mails, %d unsure, %d missing, %d unexpected"
                .formatted(steps.size(), sent, ambiguous, missing.size(), unexpected.size());
    }
}
