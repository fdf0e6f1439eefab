package io.perennial.console.queue;

import io.perennial.console.view.ConnectionView;
import io.perennial.console.words.Marketplaces;
import io.perennial.console.words.Names;
import io.perennial.console.words.StateWord;
import io.perennial.contracts.ConnectionStatus;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One account of a row.
 *
 * @param account the one to sign in with; null before the first consent
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
                place(view),
                view.account(),
                StateWord.of(view.state(), view.endsAt(), now),
                view.state() == ConnectionStatus.ACTIVE
                        && (view.endsAt() == null || view.endsAt().isAfter(now.plus(StateWord.SOON))));
    }

    private static String place(ConnectionView view) {
        String place = Names.of(view.provider()) + ", " + Names.of(view.region());
        return view.marketplaces().isEmpty() ? place : place + ": " + Marketplaces.names(view.marketplaces());
    }
}
