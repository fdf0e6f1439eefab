package io.perennial.fetch.connectionview;

import io.perennial.contracts.ConnectionAuthorized;
import io.perennial.contracts.ConnectionCreated;
import io.perennial.contracts.ConnectionDisconnected;
import io.perennial.contracts.ConnectionUpdated;
import io.perennial.contracts.Event;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenReinstated;
import io.perennial.contracts.TokenRenewed;
import io.perennial.contracts.TokenRevoked;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an event says about a connection.
 *
 * @param state null if the event does not tell
 * @param marketplaces null if the event does not tell
 * @param accountId null if the event does not tell
 */
record ConnectionChange(@Nullable ViewState state, @Nullable List<String> marketplaces, @Nullable String accountId) {

    /** Empty for events that change nothing here. */
    static Optional<ConnectionChange> of(Event event) {
        if (event instanceof ConnectionCreated created) {
            return Optional.of(new ConnectionChange(ViewState.PENDING, created.marketplaces(), null));
        }
        if (event instanceof ConnectionUpdated updated) {
            return Optional.of(new ConnectionChange(null, updated.marketplaces(), null));
        }
        if (event instanceof ConnectionAuthorized authorized) {
            return Optional.of(
                    new ConnectionChange(ViewState.ACTIVE, known(authorized.marketplaces()), authorized.accountId()));
        }
        if (event instanceof TokenRenewed renewed) {
            return Optional.of(
                    new ConnectionChange(ViewState.ACTIVE, known(renewed.marketplaces()), renewed.accountId()));
        }
        return stateOnly(event).map(state -> new ConnectionChange(state, null, null));
    }

    private static Optional<ViewState> stateOnly(Event event) {
        if (event instanceof TokenReinstated) {
            return Optional.of(ViewState.ACTIVE);
        }
        if (event instanceof TokenExpired) {
            return Optional.of(ViewState.EXPIRED);
        }
        if (event instanceof TokenRevoked) {
            return Optional.of(ViewState.REVOKED);
        }
        return event instanceof ConnectionDisconnected ? Optional.of(ViewState.DISCONNECTED) : Optional.empty();
    }

    private static @Nullable List<String> known(List<String> marketplaces) {
        return marketplaces.isEmpty() ? null : marketplaces;
    }
}
