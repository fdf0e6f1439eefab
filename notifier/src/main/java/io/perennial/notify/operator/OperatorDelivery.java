package io.perennial.notify.operator;

import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.clock.DomainClock;
import io.perennial.notify.email.MailPauses;
import io.perennial.notify.email.OperatorLetter;
import io.perennial.notify.email.PostResult;
import io.perennial.notify.email.Postman;
import io.perennial.notify.email.Preparation;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One delivery to operators: claim, send, commit the result. There is no link to ask for and no event to tell. */
@Singleton
public class OperatorDelivery {
    private static final Logger LOG = Logger.getLogger(OperatorDelivery.class);
    private static final int BATCH = 8;

    // The result is worth some patience with the database, but not more than the lease has left.
    private static final Duration RESULT_PATIENCE = Duration.ofSeconds(30);

    private final OperatorMailStore store;
    private final OperatorConcerns concerns;
    private final Operators operators;
    private final Postman postman;
    private final DomainClock clock;
    private final MeterRegistry meters;

    OperatorDelivery(
            OperatorMailStore store,
            OperatorConcerns concerns,
            Operators operators,
            Postman postman,
            DomainClock clock,
            MeterRegistry meters) {
        this.store = store;
        this.concerns = concerns;
        this.operators = operators;
        this.postman = postman;
        this.clock = clock;
        this.meters = meters;
    }

    /** Delivers what is due. */
    public Uni<Void> run() {
        return store.abandon()
                .invoke(OperatorDelivery::tellAbandoned)
                .chain(concerns::tell)
                .chain(() -> store.claim(BATCH, postman.timeout().plus(RESULT_PATIENCE.multipliedBy(2))))
                .chain(claimed -> Multi.createFrom()
                        .iterable(claimed)
                        .onItem()
                        .transformToUni(mail -> send(mail).replaceWith(mail))
                        .merge(BATCH)
                        .collect()
                        .last()
                        .replaceWithVoid());
    }

    private static void tellAbandoned(int abandoned) {
        if (abandoned > 0) {
            LOG.warnf("%d mails to operators may have left before a crash and are not sent again", abandoned);
        }
    }

    private Uni<Void> send(ClaimedMail mail) {
        Optional<String> address = operators.at(mail.place());
        if (address.isEmpty()) {
            return finish(mail, MailState.FAILED, "NO_ADDRESS");
        }
        Preparation preparation = postman.prepare(
                new OperatorLetter(mail.id(), address.get(), mail.subject(), mail.body(), clock.instant()));
        return preparation instanceof Preparation.Ready ready
                ? postman.post(ready).chain(result -> record(mail, result))
                : finish(mail, MailState.FAILED, "INVALID_ADDRESS");
    }

    private Uni<Void> record(ClaimedMail mail, PostResult result) {
        return Uni.createFrom()
                .deferred(() -> outcome(mail, result))
                .onFailure()
                .retry()
                .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(5))
                .expireIn(RESULT_PATIENCE.toMillis());
    }

    private Uni<Void> outcome(ClaimedMail mail, PostResult result) {
        if (result instanceof PostResult.TryLater later) {
            return tryLater(mail, later.code());
        }
        if (result instanceof PostResult.Refused refused) {
            return finish(mail, MailState.FAILED, refused.code());
        }
        return result instanceof PostResult.Unknown unknown
                ? finish(mail, MailState.AMBIGUOUS, unknown.code())
                : finish(mail, MailState.SENT, null);
    }

    private Uni<Void> tryLater(ClaimedMail mail, String code) {
        Instant now = clock.instant();
        Optional<Duration> pause = MailPauses.after(mail.attempts(), mail.firstAttemptAt(), now);
        return pause.isPresent() ? store.giveBack(mail, code, pause.get()) : finish(mail, MailState.FAILED, code);
    }

    private Uni<Void> finish(ClaimedMail mail, MailState state, @Nullable String code) {
        return store.finish(mail, state, code).invoke(() -> {
            if (state != MailState.SENT) {
                LOG.errorf(
                        "An operator was not told for sure; mailId=%s kind=%s outcome=%s",
                        mail.id(), mail.kind(), code);
            }
            meters.counter("perennial.operator.mails", "kind", mail.kind(), "outcome", state.name())
                    .increment();
        });
    }
}
