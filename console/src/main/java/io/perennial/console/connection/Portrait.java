package io.perennial.console.connection;

import io.perennial.console.view.ConnectionView;
import io.perennial.console.words.Moments;
import io.perennial.console.words.Names;
import io.perennial.console.words.StateWord;
import io.perennial.console.words.TroubleSentence;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Reference;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A connection as its page shows it, in words. */
record Portrait(
        UUID id,
        String label,
        String externalId,
        String reference,
        String tenant,
        String provider,
        String region,
        @Nullable String account,
        StateWord state,
        @Nullable String endsOn,
        @Nullable String distance,
        @Nullable String endsBecause,
        @Nullable Instant authorizedAt,
        @Nullable Instant renewedAt,
        int generation,
        int marketplaces,
        @Nullable String trouble,
        @Nullable Instant troubleAt,
        @Nullable UUID review,
        boolean alive,
        boolean connected,
        boolean fetches,
        boolean advertises) {

    static Portrait of(ConnectionView view, Instant now) {
        ConnectionView.Trouble trouble = view.trouble();
        return new Portrait(
                view.id(),
                view.label(),
                view.externalId(),
                Reference.of(view.id()),
                view.tenantId(),
                Names.of(view.provider()),
                Names.of(view.region()),
                view.account(),
                StateWord.of(view.state(), view.endsAt(), now),
                view.endsAt() == null ? null : Moments.day(view.endsAt()),
                view.endsAt() == null || view.state() == ConnectionStatus.REVOKED
                        ? null
                        : Moments.distance(view.endsAt(), now),
                view.endsAtSource() == null ? null : Names.of(view.endsAtSource()),
                view.authorizedAt(),
                view.renewedAt(),
                view.generation(),
                view.marketplaces().size(),
                trouble == null ? null : TroubleSentence.of(trouble.code(), trouble.detail()),
                trouble == null ? null : trouble.at(),
                view.review(),
                view.state() != ConnectionStatus.DISCONNECTED,
                view.generation() > 0 && view.state() != ConnectionStatus.DISCONNECTED,
                view.provider() == Provider.AMAZON_SELLER,
                view.provider() == Provider.AMAZON_ADS);
    }
}
