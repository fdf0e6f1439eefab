package io.perennial.notify.reminder;

import io.micrometer.core.instrument.Timer;
import io.perennial.clock.DomainClock;
import io.perennial.clock.MachineClock;
import io.perennial.notify.email.MailOrder;
import io.perennial.notify.email.MailPauses;
import io.perennial.notify.email.PostResult;
import io.perennial.notify.email.Postman;
import io.perennial.notify.email.Preparation;
import io.perennial.notify.links.Contact;
import io.perennial.notify.links.LinkRequest;
import io.perennial.notify.links.NoLinksException;
import io.perennial.notify.links.ReminderLink;
import io.perennial.notify.links.ReminderLinks;
import io.perennial.notify.reminder.ReminderStore.Return;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * One delivery: claim, ask for links, commit the intent, send, commit the result.
 *
 * <p>No transaction and no pooled connection is held while auth-service or the mail server is spoken to. Any number of
 * deliveries may run at once, in one process or in many.
 */
@Singleton
class Delivery {
    private static final Logger LOG = Logger.getLogger(Delivery.class);

    // The mail is out: the result is worth some patience with the database, but not more than the lease has left.
    private static final Duration RESULT_PATIENCE = Duration.ofSeconds(30);

    private final ReminderStore store;
    private final ReminderLinks links;
    private final Postman postman;
    private final ReminderConfig config;
    private final ReminderMetrics metrics;
    private final DomainClock clock;
    private final MachineClock machine;
    private volatile boolean stopping;

    Delivery(
            ReminderStore store,
            ReminderLinks links,
            Postman postman,
            ReminderConfig config,
            ReminderMetrics metrics,
            DomainClock clock,
            MachineClock machine) {
        this.store = store;
        this.links = links;
        this.postman = postman;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
        this.machine = machine;
    }

    /** No further mail is begun; claimed ones go back. */
    void stop() {
        stopping = true;
    }

    /** Delivers one batch. */
    Uni<DeliveryOutcome> run() {
        return cleanUp()
                .chain(() -> store.claim(config.batchSize(), config.claim()))
                .chain(claimed ->
                        claimed.isEmpty() ? Uni.createFrom().item(DeliveryOutcome.NOTHING_MORE) : deliver(claimed));
    }

    private Uni<Void> cleanUp() {
        return store.reclaimUnsent()
                .chain(store::abandoned)
                .chain(this::giveUp)
                .chain(store::oldestWaiting)
                .invoke(metrics::oldestWaiting)
                .replaceWithVoid();
    }

    /** After a crash nobody knows whether these left. */
    private Uni<Void> giveUp(List<ClaimedReminder> abandoned) {
        Map<ClaimedReminder, Outcome> outcomes = new LinkedHashMap<>();
        for (ClaimedReminder reminder : abandoned) {
            UUID contact = reminder.contactId();
            if (contact != null) {
                LOG.warnf(
                        "A mail may have left before a crash and is not sent again; reminderId=%s connectionId=%s",
                        reminder.id(), reminder.connectionId());
                outcomes.put(reminder, new Outcome.Ambiguous(contact, "CRASHED"));
            }
        }
        return finish(outcomes);
    }

    private Uni<DeliveryOutcome> deliver(List<ClaimedReminder> claimed) {
        List<LinkRequest> questions =
                claimed.stream().map(ClaimedReminder::question).distinct().toList();
        return links.of(questions)
                .chain(answers -> judge(claimed, answers))
                .replaceWith(
                        claimed.size() == config.batchSize()
                                ? DeliveryOutcome.MORE_MAY_WAIT
                                : DeliveryOutcome.NOTHING_MORE)
                .onFailure(NoLinksException.class)
                .recoverWithUni(failure -> waitForLinks(claimed, failure).replaceWith(DeliveryOutcome.NO_LINKS));
    }

    private Uni<Void> waitForLinks(List<ClaimedReminder> claimed, Throwable failure) {
        LOG.warnf("No mail leaves for now: %s; reminders=%d", failure.getMessage(), claimed.size());
        metrics.postponed("NO_LINKS");
        Instant now = clock.instant();
        return store.giveBack(claimed.stream()
                .map(reminder -> new Return(
                        reminder,
                        now.plus(LinkPauses.after(reminder.unanswered())),
                        reminder.unanswered() + 1,
                        "NO_LINKS"))
                .toList());
    }

    private Uni<Void> judge(List<ClaimedReminder> claimed, Map<LinkRequest, ReminderLink> answers) {
        Map<ClaimedReminder, Outcome> finished = new LinkedHashMap<>();
        Map<ClaimedReminder, Letter> letters = new LinkedHashMap<>();
        Instant now = clock.instant();
        for (ClaimedReminder reminder : claimed) {
            ReminderLink link = answers.get(reminder.question());
            Optional<Suppression> objection = SendPolicy.objection(reminder.kind(), link, now);
            if (objection.isPresent() || link == null) {
                finished.put(reminder, new Outcome.Suppressed(objection.orElse(Suppression.UNKNOWN_CONNECTION)));
            } else {
                Contact contact = link.firstContact().orElseThrow();
                Preparation preparation = postman.prepare(order(reminder, link, contact, now));
                if (preparation instanceof Preparation.Ready ready) {
                    letters.put(reminder, new Letter(contact.id(), ready));
                } else {
                    finished.put(reminder, new Outcome.Failed(contact.id(), code(preparation)));
                }
            }
        }
        return finish(finished).chain(() -> sendAll(letters));
    }

    private static MailOrder order(ClaimedReminder reminder, ReminderLink link, Contact contact, Instant now) {
        return new MailOrder(
                reminder.id(), reminder.kind(), reminder.stage(), reminder.ordersCaughtUp(), now, link, contact);
    }

    private static String code(Preparation unsendable) {
        return unsendable instanceof Preparation.InvalidAddress ? "INVALID_ADDRESS" : "UNWRITABLE";
    }

    /** In groups, each with an intent of its own: what a kill leaves unknown is never more than one group. */
    private Uni<Void> sendAll(Map<ClaimedReminder, Letter> letters) {
        return Multi.createFrom()
                .iterable(letters.entrySet())
                .group()
                .intoLists()
                .of(config.parallelMails())
                .onItem()
                .transformToUniAndConcatenate(this::sendGroup)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Boolean> sendGroup(List<Map.Entry<ClaimedReminder, Letter>> group) {
        Map<ClaimedReminder, UUID> contacts = new LinkedHashMap<>();
        group.forEach(entry -> contacts.put(entry.getKey(), entry.getValue().contactId()));
        Instant leaseEnds = machine.instant().plus(config.lease());
        return store.intend(contacts, config.lease()).chain(held -> sendHeld(group, held, leaseEnds));
    }

    private Uni<Boolean> sendHeld(List<Map.Entry<ClaimedReminder, Letter>> group, Set<UUID> held, Instant leaseEnds) {
        return Multi.createFrom()
                .iterable(group)
                .filter(entry -> held.contains(entry.getKey().id()))
                .onItem()
                .transformToUni(entry -> send(entry.getKey(), entry.getValue(), leaseEnds))
                .merge(config.parallelMails())
                .collect()
                .last()
                .replaceWith(true);
    }

    private Uni<Boolean> send(ClaimedReminder reminder, Letter letter, Instant leaseEnds) {
        if (stopping || machine.instant().isAfter(leaseEnds.minus(config.leaseReserve()))) {
            return store.giveBack(List.of(new Return(reminder, clock.instant(), reminder.unanswered(), "RELEASED")))
                    .replaceWith(false);
        }
        Timer.Sample started = Timer.start();
        return postman.post(letter.ready())
                .invoke(result -> started.stop(metrics.sending()))
                .chain(result -> record(reminder, letter.contactId(), result)
                        .onFailure()
                        .retry()
                        .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(5))
                        .expireIn(RESULT_PATIENCE.toMillis()))
                .replaceWith(true);
    }

    private Uni<Void> record(ClaimedReminder reminder, UUID contactId, PostResult result) {
        if (result instanceof PostResult.TryLater later) {
            return tryLater(reminder, contactId, later.code());
        }
        return Uni.createFrom().deferred(() -> finish(Map.of(reminder, outcome(contactId, result))));
    }

    private static Outcome outcome(UUID contactId, PostResult result) {
        if (result instanceof PostResult.Accepted) {
            return new Outcome.Sent(contactId);
        }
        if (result instanceof PostResult.Refused refused) {
            return new Outcome.Failed(contactId, refused.code());
        }
        if (result instanceof PostResult.Unknown unknown) {
            return new Outcome.Ambiguous(contactId, unknown.code());
        }
        throw new IllegalArgumentException("No outcome for " + result);
    }

    private Uni<Void> tryLater(ClaimedReminder reminder, UUID contactId, String code) {
        Instant now = clock.instant();
        metrics.postponed(code);
        LOG.warnf("The mail server could not take a mail; reminderId=%s outcome=%s", reminder.id(), code);
        Optional<Duration> pause = MailPauses.after(reminder.attempts(), reminder.firstAttemptAt(), now);
        return pause.isPresent()
                ? store.giveBack(List.of(new Return(reminder, now.plus(pause.get()), 0, code)))
                : finish(Map.of(reminder, new Outcome.Failed(contactId, code)));
    }

    private Uni<Void> finish(Map<ClaimedReminder, Outcome> outcomes) {
        return store.finish(outcomes)
                .invoke(written -> {
                    if (written < outcomes.size()) {
                        LOG.warnf("%d results came after their lease had ended", outcomes.size() - written);
                    }
                    outcomes.forEach(this::count);
                })
                .replaceWithVoid();
    }

    private void count(ClaimedReminder reminder, Outcome outcome) {
        metrics.finished(reminder, outcome);
        if (outcome.state() == ReminderState.SENT) {
            metrics.delayed(reminder, Duration.between(reminder.dueAt(), clock.instant()));
        }
    }

    private record Letter(UUID contactId, Preparation.Ready ready) {}
}
