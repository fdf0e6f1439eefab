package io.perennial.notify.reminder;

import io.micrometer.core.instrument.Timer;
import io.perennial.clock.DomainClock;
import io.perennial.clock.MachineClock;
import io.perennial.notify.email.MailPauses;
import io.perennial.notify.email.Mornings;
import io.perennial.notify.email.PostResult;
import io.perennial.notify.email.Postman;
import io.perennial.notify.links.LinkRequest;
import io.perennial.notify.links.NoLinksException;
import io.perennial.notify.links.ReminderLink;
import io.perennial.notify.links.ReminderLinks;
import io.perennial.notify.reminder.ReminderStore.Return;
import io.perennial.notify.suppression.Mailboxes;
import io.perennial.notify.suppression.Suppressions;
import io.perennial.notify.suppression.Unsubscribing;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
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

    // What auth-service answers in one call (ReminderLinkResource).
    private static final int MOST_QUESTIONS = 500;

    private final ReminderStore store;
    private final ReminderLinks links;
    private final Postman postman;
    private final Mornings mornings;
    private final Mailboxes mailboxes;
    private final Suppressions suppressions;
    private final Unsubscribing unsubscribing;
    private final SendPace pace;
    private final ReminderConfig config;
    private final ReminderMetrics metrics;
    private final DomainClock clock;
    private final MachineClock machine;
    private volatile boolean stopping;

    Delivery(
            ReminderStore store,
            ReminderLinks links,
            Postman postman,
            Mornings mornings,
            Mailboxes mailboxes,
            Suppressions suppressions,
            Unsubscribing unsubscribing,
            SendPace pace,
            ReminderConfig config,
            ReminderMetrics metrics,
            DomainClock clock,
            MachineClock machine) {
        this.store = store;
        this.links = links;
        this.postman = postman;
        this.mornings = mornings;
        this.mailboxes = mailboxes;
        this.suppressions = suppressions;
        this.unsubscribing = unsubscribing;
        this.pace = pace;
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
        return suppressions
                .requireKnownKey()
                .chain(this::cleanUp)
                .chain(() -> store.claim(config.batchSize(), MOST_QUESTIONS - config.batchSize(), config.claim()))
                .chain(claimed ->
                        claimed.isEmpty() ? Uni.createFrom().item(DeliveryOutcome.NOTHING_MORE) : deliver(claimed));
    }

    private Uni<Void> cleanUp() {
        return store.reclaimUnsent().chain(store::abandoned).chain(this::giveUp);
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
        List<ClaimedReminder> fresh =
                claimed.stream().filter(reminder -> !reminder.isAddressed()).toList();
        List<Bundle> bundles =
                Bundle.of(claimed.stream().filter(ClaimedReminder::isAddressed).toList());
        List<LinkRequest> questions = Stream.concat(
                        fresh.stream().map(ClaimedReminder::questionOfContacts),
                        bundles.stream()
                                .flatMap(bundle -> bundle.reminders().stream().map(bundle::question)))
                .distinct()
                .toList();
        return links.of(questions)
                .chain(answers -> suppressedAmong(answers.values())
                        .chain(suppressed -> judge(fresh, bundles, answers, suppressed)))
                .map(paced -> paced
                        ? DeliveryOutcome.PACED
                        : claimed.size() >= config.batchSize() || !fresh.isEmpty()
                                ? DeliveryOutcome.MORE_MAY_WAIT
                                : DeliveryOutcome.NOTHING_MORE)
                .onFailure(NoLinksException.class)
                .recoverWithUni(failure -> waitForLinks(claimed, failure).replaceWith(DeliveryOutcome.NO_LINKS));
    }

    private Uni<Set<UUID>> suppressedAmong(Collection<ReminderLink> answers) {
        return suppressions.among(answers.stream()
                .flatMap(link -> Recipients.of(link, mailboxes).mailboxes().stream())
                .distinct()
                .toList());
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

    /** Whether a sender's pace left some for later. */
    private Uni<Boolean> judge(
            List<ClaimedReminder> fresh,
            List<Bundle> bundles,
            Map<LinkRequest, ReminderLink> answers,
            Set<UUID> suppressed) {
        Judgement judgement = new Judgement(answers, suppressed, mailboxes, unsubscribing, clock.instant());
        fresh.forEach(reminder -> judgement.address(reminder, mornings));
        bundles.forEach(bundle -> judgement.write(bundle, postman));
        return finish(judgement.finished)
                .chain(() -> store.address(judgement.addresses))
                .chain(() -> store.forgetRecipients(judgement.withoutRecipient))
                .chain(() -> sendAll(judgement.letters));
    }

    /** In groups, each with an intent of its own: what a kill leaves unknown is never more than one group. */
    private Uni<Boolean> sendAll(List<Letter> letters) {
        return Multi.createFrom()
                .iterable(letters)
                .group()
                .intoLists()
                .of(config.parallelMails())
                .onItem()
                .transformToUniAndConcatenate(this::sendGroup)
                .collect()
                .asList()
                .map(paced -> paced.contains(true));
    }

    private Uni<Boolean> sendGroup(List<Letter> group) {
        return pace.take(group).chain(granted -> keepPlaces(granted.later())
                .chain(() -> granted.now().isEmpty() ? Uni.createFrom().item(true) : sendNow(granted.now()))
                .replaceWith(!granted.later().isEmpty()));
    }

    private Uni<Void> keepPlaces(List<Letter> later) {
        later.forEach(letter -> metrics.postponed("PACED"));
        return store.giveBack(later.stream()
                .flatMap(letter -> letter.reminders().stream())
                .map(reminder -> new Return(reminder, null, reminder.unanswered(), "PACED"))
                .toList());
    }

    private Uni<Boolean> sendNow(List<Letter> group) {
        Map<ClaimedReminder, UUID> contacts = new LinkedHashMap<>();
        group.forEach(letter -> letter.reminders().forEach(reminder -> contacts.put(reminder, letter.contactId())));
        Instant leaseEnds = machine.instant().plus(config.lease());
        return store.intend(contacts, config.lease()).chain(held -> sendHeld(group, held, leaseEnds));
    }

    private Uni<Boolean> sendHeld(List<Letter> group, Set<UUID> held, Instant leaseEnds) {
        return Multi.createFrom()
                .iterable(group)
                .onItem()
                .transformToUni(letter -> letter.isHeld(held) ? send(letter, leaseEnds) : release(letter))
                .merge(config.parallelMails())
                .collect()
                .last()
                .replaceWith(true);
    }

    /** What lost its claim meanwhile is not touched by this. */
    private Uni<Boolean> release(Letter letter) {
        Instant now = clock.instant();
        return store.giveBack(letter.reminders().stream()
                        .map(reminder -> new Return(reminder, now, reminder.unanswered(), "RELEASED"))
                        .toList())
                .replaceWith(false);
    }

    private Uni<Boolean> send(Letter letter, Instant leaseEnds) {
        if (stopping || machine.instant().isAfter(leaseEnds.minus(config.leaseReserve()))) {
            return release(letter);
        }
        Timer.Sample started = Timer.start();
        return postman.post(letter.ready())
                .invoke(result -> started.stop(metrics.sending()))
                .chain(result -> record(letter, result)
                        .onFailure()
                        .retry()
                        .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(5))
                        .expireIn(RESULT_PATIENCE.toMillis()))
                .replaceWith(true);
    }

    private Uni<Void> record(Letter letter, PostResult result) {
        if (result instanceof PostResult.TryLater later) {
            return tryLater(letter, later.code());
        }
        return Uni.createFrom().deferred(() -> finish(letter.all(outcome(letter.contactId(), result))));
    }

    private static Outcome outcome(UUID contactId, PostResult result) {
        if (result instanceof PostResult.Accepted) {
            return new Outcome.Sent(contactId);
        }
        if (result instanceof PostResult.Refused refused) {
            return new Outcome.Failed(contactId, refused.code(), refused.noSuchMailbox());
        }
        if (result instanceof PostResult.Unknown unknown) {
            return new Outcome.Ambiguous(contactId, unknown.code());
        }
        throw new IllegalArgumentException("No outcome for " + result);
    }

    /** All of a mail wait equally long, so that they leave together again. */
    private Uni<Void> tryLater(Letter letter, String code) {
        Instant now = clock.instant();
        metrics.postponed(code);
        int attempts = letter.reminders().stream()
                .mapToInt(ClaimedReminder::attempts)
                .max()
                .orElse(0);
        Map<ClaimedReminder, Outcome> givenUp = new LinkedHashMap<>();
        List<Return> returns = new ArrayList<>();
        for (ClaimedReminder reminder : letter.reminders()) {
            LOG.warnf("The mail server could not take a mail; reminderId=%s outcome=%s", reminder.id(), code);
            MailPauses.after(attempts, reminder.firstAttemptAt(), now)
                    .ifPresentOrElse(
                            pause -> returns.add(new Return(reminder, now.plus(pause), 0, code)),
                            () -> givenUp.put(reminder, new Outcome.Failed(letter.contactId(), code)));
        }
        return store.giveBack(returns).chain(() -> finish(givenUp));
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
            metrics.delayed(reminder, Duration.between(reminder.openSince(), clock.instant()));
        }
    }
}
