package io.perennial.console.connections;

import io.perennial.console.view.ConnectionView;
import io.perennial.console.view.FetchView;
import io.perennial.console.words.Moments;
import io.perennial.console.words.Names;
import io.perennial.console.words.StateWord;
import io.perennial.console.words.TroubleSentence;
import io.perennial.contracts.ConnectionStatus;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One line of the list, in words. */
record ConnectionLine(
        UUID id,
        String label,
        String externalId,
        String tenant,
        String place,
        @Nullable String account,
        @Nullable String accountId,
        StateWord state,
        @Nullable String endsOn,
        @Nullable String distance,
        @Nullable String trouble,
        @Nullable String fetching,
        boolean alive) {

    static ConnectionLine of(ConnectionView view, Instant now) {
        return new ConnectionLine(
                view.id(),
                view.label(),
                view.externalId(),
                view.tenantId(),
                Names.of(view.provider()) + ", " + Names.of(view.region()),
                view.accountName() == null ? view.accountId() : view.accountName(),
                view.accountName() == null ? null : view.accountId(),
                StateWord.of(view.state(), view.endsAt(), now),
                view.endsAt() == null ? null : Moments.day(view.endsAt()),
                distance(view, now),
                trouble(view),
                view.running() == null ? null : progress(view.running()),
                view.state() != ConnectionStatus.DISCONNECTED);
    }

    /** A grant that was taken away has no days left, whatever the calendar says. */
    private static @Nullable String distance(ConnectionView view, Instant now) {
        return view.endsAt() == null || view.state() == ConnectionStatus.REVOKED
                ? null
                : Moments.distance(view.endsAt(), now);
    }

    private static @Nullable String trouble(ConnectionView view) {
        return view.trouble() == null
                ? null
                : TroubleSentence.of(view.trouble().code(), view.trouble().detail());
    }

    private static String progress(FetchView fetch) {
        return fetch.state().equals("WAITING")
                ? "Fetch waits for its turn"
                : String.format(Locale.ROOT, "Fetching: %,d orders so far", fetch.orders());
    }
}
