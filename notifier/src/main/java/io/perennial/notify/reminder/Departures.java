package io.perennial.notify.reminder;

import io.micrometer.core.instrument.Timer;
import io.perennial.clock.DomainClock;
import io.perennial.clock.MachineClock;
import io.perennial.notify.email.Postman;
import io.perennial.notify.reminder.ReminderStore.Return;
import io.perennial.notify.reminder.Results.Answer;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The mails of this process from the judgement that they may leave to their result. They wait for the pace of their sender
 * and for their intent, which is committed for several at once; for a place at the mail server; and to be written down,
 * again several at once. Whatever moves on makes room for the next: none waits for the others of its batch.
 *
 * <p>At most {@code parallel-mails} are with the mail server, and at most twice as many have an intent and no result: those
 * may be AMBIGUOUS after a crash.
 */
@Singleton
class Departures {
    private static final Logger LOG = Logger.getLogger(Departures.class);

    // The mail is out: the result is worth some patience with the database, but not more than the lease has left.
    private static final Duration RESULT_PATIENCE = Duration.ofSeconds(30);

    // What hangs holds nothing up for good.
    private static final Duration STATEMENT_PATIENCE = Duration.ofSeconds(20);

    private final ReminderStore store;
    private final SendPace pace;
    private final Postman postman;
    private final Results results;
    private final ReminderConfig config;
    private final ReminderMetrics metrics;
    private final DomainClock clock;
    private final MachineClock machine;

    // What follows is guarded by this.
    private final Queue<Letter> waiting = new ArrayDeque<>();
    private final Queue<Departure> intended = new ArrayDeque<>();
    private final List<Answer> answers = new ArrayList<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private int atServer;
    /** Those that wait no longer, and are neither written down nor given back. */
    private int open;

    private boolean intending;
    private boolean recording;
    private boolean stopping;
    private boolean paced;
    private @Nullable Throwable fault;

    Departures(
            ReminderStore store,
            SendPace pace,
            Postman postman,
            Results results,
            ReminderConfig config,
            ReminderMetrics metrics,
            DomainClock clock,
            MachineClock machine) {
        this.store = store;
        this.pace = pace;
        this.postman = postman;
        this.results = results;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
        this.machine = machine;
    }

    /** These leave as soon as they may. Their claims are kept, or given back, by this. */
    void add(Collection<Letter> letters) {
        synchronized (this) {
            waiting.addAll(letters);
        }
        moveOn();
    }

    /** No further mail is begun; those that are not with the mail server yet go back. */
    void stop() {
        synchronized (this) {
            stopping = true;
        }
        moveOn();
    }

    /**
     * Comes when so few wait that more can be claimed.
     *
     * @return whether a sender's pace held some back since this was asked last; fails if a fault kept some from leaving
     */
    Uni<Boolean> room() {
        return when(() -> waiting.size() <= config.batchSize() / 2).chain(this::mood);
    }

    /** Comes when every mail has its result or went back. */
    Uni<Void> idle() {
        return when(() -> waiting.isEmpty() && open == 0);
    }

    private Uni<Void> when(BooleanSupplier reached) {
        return Uni.createFrom().emitter(emitter -> {
            synchronized (this) {
                waiters.add(new Waiter(reached, emitter));
            }
            moveOn();
        });
    }

    private synchronized Uni<Boolean> mood() {
        Throwable seen = fault;
        boolean held = paced;
        fault = null;
        paced = false;
        return seen == null ? Uni.createFrom().item(held) : Uni.createFrom().failure(seen);
    }

    /** Takes whatever steps are open now. Each ends on some thread of its own, and goes on here. */
    private void moveOn() {
        for (Runnable step = next(); step != null; step = next()) {
            step.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
            Waiter waiter = all.next();
            if (waiter.reached().getAsBoolean()) {
                all.remove();
                return () -> waiter.emitter().complete(null);
            }
        }
        if (!answers.isEmpty() && !recording) {
            recording = true;
            List<Answer> all = List.copyOf(answers);
            answers.clear();
            return () -> record(all);
        }
        if (!intended.isEmpty() && (stopping || atServer < config.parallelMails())) {
            return begin(intended.remove());
        }
        if (!waiting.isEmpty() && stopping) {
            List<Letter> all = takeWaiting(waiting.size());
            return () -> release(all);
        }
        int places = intending ? 0 : places();
        if (places > 0) {
            intending = true;
            List<Letter> group = takeWaiting(places);
            return () -> intend(group);
        }
        return null;
    }

    /** How many get their intent now: several with one commit, but at once when a place at the mail server is free. */
    private int places() {
        int room = 2 * config.parallelMails() - open;
        int several = Math.min(waiting.size(), Math.max(1, config.parallelMails() / 2));
        boolean idling = intended.isEmpty() && atServer < config.parallelMails();
        return room >= several || idling ? Math.min(room, waiting.size()) : 0;
    }

    private List<Letter> takeWaiting(int count) {
        List<Letter> taken = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            taken.add(waiting.remove());
        }
        open += count;
        return taken;
    }

    private void intend(List<Letter> group) {
        Uni.createFrom()
                .deferred(() -> pace.take(group))
                .chain(this::intendNow)
                .ifNoItem()
                .after(STATEMENT_PATIENCE)
                .fail()
                .subscribe()
                .with(this::intended, failure -> notIntended(group, failure));
    }

    private Uni<Intents> intendNow(SendPace.Granted granted) {
        if (granted.now().isEmpty()) {
            return Uni.createFrom().item(new Intents(List.of(), List.of(), granted.later()));
        }
        Map<ClaimedReminder, UUID> contacts = new LinkedHashMap<>();
        for (Letter letter : granted.now()) {
            letter.reminders().forEach(reminder -> contacts.put(reminder, letter.contactId()));
        }
        Instant leaseEnds = machine.instant().plus(config.lease());
        return store.intend(contacts, config.lease()).map(held -> {
            List<Departure> departures = new ArrayList<>();
            List<Letter> lost = new ArrayList<>();
            for (Letter letter : granted.now()) {
                if (letter.isHeld(held)) {
                    departures.add(new Departure(letter, leaseEnds));
                } else {
                    lost.add(letter);
                }
            }
            return new Intents(departures, lost, granted.later());
        });
    }

    private void intended(Intents intents) {
        List<Letter> later = new ArrayList<>(intents.later());
        synchronized (this) {
            intending = false;
            intended.addAll(intents.departures());
            if (!later.isEmpty()) {
                paced = true;
                later.addAll(takeWaitingOf(later));
            }
        }
        release(intents.lost());
        later.forEach(letter -> metrics.postponed("PACED"));
        giveBack(later, null, "PACED");
        moveOn();
    }

    /** All others of these senders: there is nothing left for them either. */
    private List<Letter> takeWaitingOf(List<Letter> some) {
        Set<String> senders =
                some.stream().map(letter -> letter.ready().senderDomain()).collect(Collectors.toSet());
        List<Letter> taken = waiting.stream()
                .filter(letter -> senders.contains(letter.ready().senderDomain()))
                .toList();
        waiting.removeAll(taken);
        open += taken.size();
        return taken;
    }

    /** Whether the intent was committed or not: none of them left. */
    private void notIntended(List<Letter> group, Throwable failure) {
        synchronized (this) {
            intending = false;
            fault = failure;
        }
        release(group);
        moveOn();
    }

    private Runnable begin(Departure departure) {
        if (stopping || machine.instant().isAfter(departure.leaseEnds().minus(config.leaseReserve()))) {
            return () -> release(List.of(departure.letter()));
        }
        atServer++;
        return () -> send(departure.letter());
    }

    private void send(Letter letter) {
        Timer.Sample started = Timer.start();
        postman.post(letter.ready())
                .invoke(result -> started.stop(metrics.sending()))
                .subscribe()
                .with(result -> answered(new Answer(letter, result)));
    }

    private void answered(Answer answer) {
        synchronized (this) {
            atServer--;
            answers.add(answer);
        }
        moveOn();
    }

    private void record(List<Answer> all) {
        Uni.createFrom()
                .deferred(() -> results.write(all))
                .ifNoItem()
                .after(STATEMENT_PATIENCE)
                .fail()
                .subscribe()
                .with(done -> recorded(all.size()), failure -> recordEach(all, failure));
    }

    private void recorded(int count) {
        synchronized (this) {
            recording = false;
        }
        left(count);
    }

    /** One that can not be written down takes no other along, nor does it hold up those that come after it. */
    private void recordEach(List<Answer> all, Throwable failure) {
        LOG.warnf(failure, "Results could not be written down together and are tried one by one; mails=%d", all.size());
        all.forEach(this::recordAlone);
        recorded(0);
    }

    private void recordAlone(Answer answer) {
        Uni.createFrom()
                .deferred(() -> results.write(List.of(answer)))
                .ifNoItem()
                .after(STATEMENT_PATIENCE)
                .fail()
                .onFailure()
                .retry()
                .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(5))
                .expireIn(RESULT_PATIENCE.toMillis())
                .subscribe()
                .with(done -> left(1), failure -> {
                    LOG.error("The result of a mail could not be written down; it will be AMBIGUOUS", failure);
                    left(1);
                });
    }

    private void release(List<Letter> letters) {
        giveBack(letters, clock.instant(), "RELEASED");
    }

    /** They surely were not sent. What lost its claim meanwhile is not touched by this. */
    private void giveBack(List<Letter> letters, @Nullable Instant nextAttemptAt, String code) {
        if (letters.isEmpty()) {
            return;
        }
        List<Return> returns = letters.stream()
                .flatMap(letter -> letter.reminders().stream())
                .map(reminder -> new Return(reminder, nextAttemptAt, reminder.unanswered(), code))
                .toList();
        Uni.createFrom()
                .deferred(() -> store.giveBack(returns))
                .ifNoItem()
                .after(STATEMENT_PATIENCE)
                .fail()
                .subscribe()
                .with(done -> left(letters.size()), failure -> {
                    synchronized (this) {
                        fault = failure;
                    }
                    left(letters.size());
                });
    }

    private void left(int count) {
        synchronized (this) {
            open -= count;
        }
        moveOn();
    }

    /** A mail whose intent is committed. */
    private record Departure(Letter letter, Instant leaseEnds) {}

    /**
     * What became of mails that asked for their intent.
     *
     * @param lost those that are not held any more
     * @param later those that their sender's pace holds back
     */
    private record Intents(List<Departure> departures, List<Letter> lost, List<Letter> later) {}

    private record Waiter(BooleanSupplier reached, UniEmitter<? super Void> emitter) {}
}
