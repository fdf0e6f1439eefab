package io.perennial.console.queue;

import io.perennial.console.view.ConnectionView;
import io.perennial.console.words.Names;
import io.perennial.console.words.StateWord;
import io.perennial.contracts.ConnectionStatus;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One account of a row.
 *
 * @param done whether its consent is there and lasts
 */
record QueueLine(
        UUID id,
        String label,
        String externalId,
        String place,
        @Nullable String account,
        StateWord state,
        boolean done) {
    static QueueLine of(ConnectionView view, Instant now) {
        return new QueueLine(
                view.id(),
                view.label(),
                view.externalId(),
                Names.of(view.provider()) + ", " + Names.of(view.region()),
                account(view),
                StateWord.of(view.state(), view.endsAt(), now),
                view.state() == ConnectionStatus.ACTIVE
                        && (view.endsAt() == null || view.endsAt().isAfter(now.plus(StateWord.SOON))));
    }

    private static @Nullable String account(ConnectionView view) {
        return view.accountName() == null || view.accountId() == null
                ? view.accountId()
                : view.accountName() + " (" + view.accountId() + ")";
    }
}
