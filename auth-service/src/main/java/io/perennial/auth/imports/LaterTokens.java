package io.perennial.auth.imports;

import io.perennial.auth.authorization.ImportedConsents;
import io.perennial.auth.authorization.ImportedConsents.Brought;
import io.perennial.auth.connection.ConnectionImports.Rival;
import io.perennial.auth.connection.ImportedConnection;
import io.perennial.auth.imports.ImportBatch.Entry;
import io.perennial.auth.token.GrantImports;
import io.perennial.auth.token.GrantImports.Comparison;
import io.perennial.auth.token.GrantImports.Offer;
import io.perennial.secret.RefreshToken;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lines of connections that are there. The same token, or one of an earlier consent, changes nothing; a later one becomes a
 * candidate that is tried as every other.
 */
@ApplicationScoped
class LaterTokens {
    private final GrantImports grants;
    private final ImportedConsents consents;

    LaterTokens(GrantImports grants, ImportedConsents consents) {
        this.grants = grants;
        this.consents = consents;
    }

    /** A line and the connection that it is about. */
    record Known(Entry entry, Rival there) {
        UUID line() {
            return entry.connection().id();
        }

        UUID connection() {
            return Objects.requireNonNull(there.connectionId());
        }

        private Offer offer() {
            return new Offer(line(), connection(), entry.token());
        }

        private Brought brought() {
            ImportedConnection line = entry.connection();
            return new Brought(
                    connection(),
                    line.tenantId(),
                    there.generation(),
                    line.region(),
                    line.appId(),
                    line.accountId(),
                    Objects.requireNonNull(line.grantedAt()),
                    entry.token(),
                    line.ownApplication());
        }
    }

    /** What becomes of the lines; nothing is stored. */
    Uni<Map<UUID, LineFate>> foresee(SqlConnection client, List<Known> lines) {
        if (lines.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return grants.compare(client, lines.stream().map(Known::offer).toList())
                .map(compared -> fates(lines, compared));
    }

    /** What becomes of the lines; later tokens are stored as candidates. */
    Uni<Map<UUID, LineFate>> take(SqlConnection transaction, List<Known> lines, ImportRuns.Order order, long before) {
        return foresee(transaction, lines)
                .call(fates -> consents.store(
                        transaction,
                        lines.stream()
                                .filter(line -> fates.get(line.line()) == LineFate.RECEIVED)
                                .map(Known::brought)
                                .toList(),
                        order.actor().id(),
                        before));
    }

    private static Map<UUID, LineFate> fates(List<Known> lines, Map<UUID, Comparison> compared) {
        Map<UUID, LineFate> fates = new HashMap<>();
        Map<UUID, List<RefreshToken>> received = new HashMap<>();
        for (Known line : lines) {
            LineFate fate = fate(line, Objects.requireNonNull(compared.get(line.line())));
            if (fate == LineFate.RECEIVED) {
                List<RefreshToken> tokens = received.computeIfAbsent(line.connection(), id -> new ArrayList<>());
                if (tokens.contains(line.entry().token())) {
                    fate = LineFate.UNCHANGED;
                }
                tokens.add(line.entry().token());
            }
            fates.put(line.line(), fate);
        }
        return fates;
    }

    private static LineFate fate(Known line, Comparison comparison) {
        return switch (comparison) {
            case CURRENT, BEING_CHECKED -> LineFate.UNCHANGED;
            case PUT_AWAY -> LineFate.PUT_AWAY;
            case ANOTHER -> byDate(line.entry().connection().grantedAt(), line.there());
        };
    }

    private static LineFate byDate(@Nullable Instant granted, Rival there) {
        Instant renewed = there.renewedAt();
        if (granted == null) {
            // The file is older than a renewal here, and sent once more.
            return there.generation() > ImportedConnection.GENERATION ? LineFate.UNCHANGED : LineFate.NO_LATER;
        }
        if (renewed == null || granted.isAfter(renewed)) {
            return LineFate.RECEIVED;
        }
        return granted.equals(renewed) ? LineFate.NO_LATER : LineFate.UNCHANGED;
    }
}
