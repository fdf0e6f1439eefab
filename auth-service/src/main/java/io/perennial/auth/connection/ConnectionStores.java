package io.perennial.auth.connection;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.persistence.Transactions;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionStatus;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is known of the store behind a connection. A consent tells it anew; this is for grants that came without one. */
@ApplicationScoped
public class ConnectionStores {
    private final Transactions transactions;
    private final Announcements announcements;
    private final ConnectionMoves moves;
    private final DomainClock clock;

    ConnectionStores(Transactions transactions, Announcements announcements, ConnectionMoves moves, DomainClock clock) {
        this.transactions = transactions;
        this.announcements = announcements;
        this.moves = moves;
        this.clock = clock;
    }

    /** Notes what a grant shows, unless something is known already or the grant is not the current one any more. */
    public Uni<Void> see(UUID id, int generation, @Nullable String name, List<String> marketplaces) {
        if (name == null && marketplaces.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transactions.in(session -> ConnectionMoves.lock(session, id).chain(connection -> {
            boolean known = connection.accountName != null || connection.accountMarketplaces.length > 0;
            if (known || connection.generation != generation || connection.state == ConnectionStatus.DISCONNECTED) {
                return Uni.createFrom().voidItem();
            }
            Instant now = clock.instant();
            connection.accountName = name;
            connection.accountMarketplaces = marketplaces.toArray(String[]::new);
            connection.updatedAt = now;
            return announcements
                    .publishChange(session, connection, null, now)
                    .chain(() -> moves.log(session, AuditKind.STORE_SEEN, connection, "provider", now));
        }));
    }
}
