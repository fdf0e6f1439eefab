package io.perennial.auth.authorization;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.authorization.CandidateAdoption.Adoptee;
import io.perennial.auth.authorization.unclaimed.Unclaimed;
import io.perennial.auth.authorization.unclaimed.UnclaimedConsents;
import io.perennial.auth.authorization.unclaimed.UnclaimedConsents.Released;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.contracts.ConnectionStatus;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Gives an unclaimed consent to a connection: from then on it is a candidate as every other. */
@ApplicationScoped
class UnclaimedAdoption {
    private final UnclaimedConsents consents;
    private final CandidateAdoption adoption;
    private final Connections connections;

    UnclaimedAdoption(UnclaimedConsents consents, CandidateAdoption adoption, Connections connections) {
        this.consents = consents;
        this.adoption = adoption;
        this.connections = connections;
    }

    /** Who claims it. */
    record Claimant(@Nullable String browser, @Nullable UUID linkId, String locale, String actor) {
        @Override
        public String toString() {
            return "Claimant[" + actor + "]";
        }
    }

    /** Whether a connection may claim it: what the consent was given for, and no other account than it expects. */
    static boolean fits(Unclaimed unclaimed, ConnectionView connection) {
        String required = connection.requiredAccountId();
        return connection.state() != ConnectionStatus.DISCONNECTED
                && connection.app().equals(unclaimed.app())
                && connection.provider() == unclaimed.provider()
                && connection.region() == unclaimed.region()
                && (required == null || required.equals(unclaimed.accountId()));
    }

    /** Whether another connection of the tenant holds the account. */
    Uni<Boolean> heldElsewhere(Unclaimed unclaimed, ConnectionView connection) {
        return connections.holder(connection, unclaimed.accountId()).map(holder -> holder != null);
    }

    /** The attempt that decides; null if the consent does not wait any more. */
    Uni<@Nullable Attempt> adopt(Unclaimed unclaimed, ConnectionView connection, Claimant claimant) {
        return consents.release(unclaimed.id())
                .chain(released -> released == null
                        ? Uni.createFrom().<Attempt>nullItem()
                        : adoption.adopt(
                                adoptee(unclaimed, connection, claimant, released),
                                session -> consents.hand(session, unclaimed.id(), connection.id())));
    }

    private static Adoptee adoptee(
            Unclaimed unclaimed, ConnectionView connection, Claimant claimant, Released released) {
        return new Adoptee(
                connection,
                unclaimed.accountId(),
                released.tokens(),
                released.grantedAt(),
                AuthorizationWay.UNCLAIMED,
                claimant.browser(),
                claimant.linkId(),
                claimant.locale(),
                claimant.actor(),
                AuditKind.UNCLAIMED_CLAIMED);
    }
}
