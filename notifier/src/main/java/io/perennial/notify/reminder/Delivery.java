package io.perennial.notify.reminder;

import io.perennial.clock.DomainClock;
import io.perennial.clock.MachineClock;
import io.perennial.notify.email.Mornings;
import io.perennial.notify.email.Postman;
import io.perennial.notify.links.LinkRequest;
import io.perennial.notify.links.NoLinksException;
import io.perennial.notify.links.ReminderLink;
import io.perennial.notify.links.ReminderLinks;
import io.perennial.notify.reminder.ReminderStore.Return;
import io.perennial.notify.suppression.Mailboxes;
import io.perennial.notify.suppression.Suppressions;
import io.perennial.notify.suppression.Unsubscribing;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * One delivery: claim, ask for links, judge; what may leave goes to the {@link Departures}, and is not waited for.
 *
 * <p>No transaction and no pooled connection is held while auth-service or the mail server is spoken to. Any number of
 * deliveries may run at once, in one process or in many.
 */
@Singleton
class Delivery {
    private static final Logger LOG = Logger.getLogger(Delivery.class);

    // What auth-service answers in one call (ReminderLinkResource).
    private static final int MOST_QUESTIONS = 500;

    // How often what stands behind mails that their senders' pace holds back is looked for.
    private static final Duration PASSES = Duration.ofSeconds(1);

    private final ReminderStore store;
    private final ReminderLinks links;
    private final Postman postman;
    private final Mornings mornings;
    private final Mailboxes mailboxes;
    private final Suppressions suppressions;
    private final Unsubscribing unsubscribing;
    private final Departures departures;
    private final Results results;
    private final ReminderConfig config;
    private final ReminderMetrics metrics;
    private final SendPace pace;
    private final DomainClock clock;
    private final MachineClock machine;
    private volatile Instant nextPass = Instant.MIN;
    private volatile boolean passed;
    private volatile boolean alone;

    Delivery(
            ReminderStore store,
            ReminderLinks links,
            Postman postman,
            Mornings mornings,
            Mailboxes mailboxes,
            Suppressions suppressions,
            Unsubscribing unsubscribing,
            Departures departures,
            Results results,
            ReminderConfig config,
            ReminderMetrics metrics,
            SendPace pace,
            DomainClock clock,
            MachineClock machine) {
        this.store = store;
        this.links = links;
        this.postman = postman;
        this.mornings = mornings;
        this.mailboxes = mailboxes;
        this.suppressions = suppressions;
        this.unsubscribing = unsubscribing;
        this.departures = departures;
        this.results = results;
        this.config = config;
        this.metrics = metrics;
        this.pace = pace;
        this.clock = clock;
        this.machine = machine;
    }

    /** No further mail is begun; claimed ones go back. */
    void stop() {
        departures.stop();
    }

    /** Comes when every mail that was handed over has its result or went back. */
    Uni<Void> ended() {
        return departures.idle();
    }

    /** Delivers one batch, as far as the departure of what may leave, and comes when there is room for the next. */
    Uni<DeliveryOutcome> run() {
        return suppressions
                .requireKnownKey()
                .chain(this::cleanUp)
                .chain(this::claim)
                .chain(claimed ->
                        claimed.isEmpty() ? Uni.createFrom().item(DeliveryOutcome.NOTHING_MORE) : deliver(claimed))
                .chain(outcome -> departures
                        .room()
                        .map(paced -> paced || isAllBehind(outcome) ? DeliveryOutcome.PACED : outcome));
    }

    /** What waits longest, and now and then what stands behind a sender's long queue. */
    private Uni<List<ClaimedReminder>> claim() {
        Instant now = machine.instant();
        Set<String> passedOver = passed || now.isBefore(nextPass) ? Set.of() : pace.heldBack();
        passed = !passedOver.isEmpty();
        return store.claim(config.batchSize(), MOST_QUESTIONS - config.batchSize(), config.claim(), passedOver)
                .invoke(claimed -> {
                    if (!passedOver.isEmpty() && claimed.size() < config.batchSize()) {
                        nextPass = now.plus(PASSES);
                    }
                });
    }

    /** What was passed over still waits. */
    private boolean isAllBehind(DeliveryOutcome outcome) {
        return passed && outcome == DeliveryOutcome.NOTHING_MORE;
    }

    private Uni<Void> cleanUp() {
        return endFormerLives()
                .chain(store::reclaimUnsent)
                .chain(store::abandoned)
                .chain(this::giveUp);
    }

    private Uni<Void> endFormerLives() {
        return alone ? Uni.createFrom().voidItem() : store.endFormerLives().invoke(() -> alone = true);
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
        return results.finish(outcomes);
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
                .chain(answers -> judge(fresh, bundles, answers))
                .replaceWith(
                        claimed.size() >= config.batchSize() || !fresh.isEmpty()
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

    private Uni<Void> judge(List<ClaimedReminder> fresh, List<Bundle> bundles, Map<LinkRequest, ReminderLink> answers) {
        Map<ReminderLink, Recipients> recipients = Recipients.of(answers.values(), mailboxes);
        Set<UUID> named = recipients.values().stream()
                .flatMap(some -> some.mailboxes().stream())
                .collect(Collectors.toSet());
        return suppressions
                .among(named)
                .chain(suppressed -> store.taken(fresh)
                        .map(taken ->
                                new Judgement(answers, suppressed, recipients, taken, unsubscribing, clock.instant())))
                .invoke(judgement -> {
                    fresh.forEach(reminder -> judgement.address(reminder, mornings));
                    bundles.forEach(bundle -> judgement.write(bundle, postman));
                })
                .chain(this::follow);
    }

    private Uni<Void> follow(Judgement judgement) {
        return results.finish(judgement.finished)
                .chain(() -> store.address(judgement.addresses))
                .chain(() -> store.forgetRecipients(judgement.withoutRecipient))
                .invoke(() -> departures.add(judgement.letters));
    }
}
