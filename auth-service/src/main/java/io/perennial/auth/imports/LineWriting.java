package io.perennial.auth.imports;

import io.perennial.auth.connection.ConnectionImports;
import io.perennial.auth.connection.ConnectionImports.Rivalry;
import io.perennial.auth.connection.ImportedConnection;
import io.perennial.auth.imports.ImportBatch.Entry;
import io.perennial.auth.imports.ImportRuns.Hold;
import io.perennial.auth.imports.ImportRuns.Order;
import io.perennial.auth.imports.ImportRuns.Tally;
import io.perennial.auth.token.GrantImports;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes a batch: connections, grants, events, audit, faults and the progress, all or nothing. */
@ApplicationScoped
class LineWriting {
    private final ConnectionImports connections;
    private final GrantImports grants;
    private final ImportRuns runs;

    LineWriting(ConnectionImports connections, GrantImports grants, ImportRuns runs) {
        this.connections = connections;
        this.grants = grants;
        this.runs = runs;
    }

    /** Writes a batch unless it is written: after a commit whose answer was lost it is. What it came to. */
    Uni<Tally> write(SqlConnection transaction, Hold hold, Order order, ImportBatch batch) {
        return runs.lock(transaction, hold).chain(lines -> {
            if (lines == null) {
                throw new ProblemException(
                        StandardProblem.CONFLICT, "Another request has gone on with this import; it has the rest.");
            }
            if (lines >= batch.last()) {
                return Uni.createFrom().item(Tally.NOTHING);
            }
            Uni<Outcome> outcome = order.dryRun() ? foreseen(transaction, batch) : done(transaction, batch, order);
            return outcome.chain(result -> {
                Tally tally = tally(batch, result);
                return runs.note(transaction, hold, faults(batch, result))
                        .chain(() -> runs.advance(transaction, hold, tally, batch))
                        .replaceWith(tally);
            });
        });
    }

    private record Outcome(Set<UUID> fresh, Map<UUID, Rivalry> rivals) {}

    private Uni<Outcome> done(SqlConnection transaction, ImportBatch batch, Order order) {
        return connections
                .add(transaction, connections(batch.entries()), order.actor().id())
                .call(fresh -> grants.store(
                        transaction,
                        batch.entries().stream()
                                .filter(entry ->
                                        fresh.contains(entry.connection().id()))
                                .map(entry -> Objects.requireNonNull(entry.grant()))
                                .toList()))
                .chain(fresh -> rivals(transaction, batch, fresh));
    }

    private Uni<Outcome> rivals(SqlConnection transaction, ImportBatch batch, Set<UUID> fresh) {
        List<ImportedConnection> refused = connections(batch.entries()).stream()
                .filter(connection -> !fresh.contains(connection.id()))
                .toList();
        return refused.isEmpty()
                ? Uni.createFrom().item(new Outcome(fresh, Map.of()))
                : connections.rivals(transaction, refused).map(rivals -> new Outcome(fresh, rivals));
    }

    /** What the batch would come to. Lines of one batch that rival each other are found, those further apart are not. */
    private Uni<Outcome> foreseen(SqlConnection transaction, ImportBatch batch) {
        return connections.rivals(transaction, connections(batch.entries())).map(rivals -> {
            Set<UUID> fresh = new HashSet<>();
            Set<List<Object>> names = new HashSet<>();
            Set<List<Object>> accounts = new HashSet<>();
            for (ImportedConnection line : connections(batch.entries())) {
                if (rivals.get(line.id()) != Rivalry.NONE) {
                    continue;
                }
                if (!names.add(List.of(line.tenantId(), line.externalId()))) {
                    rivals.put(line.id(), Rivalry.EXTERNAL_ID);
                } else if (!accounts.add(
                        List.of(line.tenantId(), line.provider(), line.region(), line.appId(), line.accountId()))) {
                    rivals.put(line.id(), Rivalry.ACCOUNT);
                } else {
                    fresh.add(line.id());
                }
            }
            return new Outcome(fresh, rivals);
        });
    }

    private static List<ImportFault> faults(ImportBatch batch, Outcome outcome) {
        List<ImportFault> faults = new ArrayList<>(batch.faults());
        for (Entry entry : batch.entries()) {
            ImportFault fault = outcome.fresh().contains(entry.connection().id())
                    ? null
                    : refusal(entry, outcome.rivals().get(entry.connection().id()));
            if (fault != null) {
                faults.add(fault);
            }
        }
        return faults;
    }

    private static @Nullable ImportFault refusal(Entry entry, @Nullable Rivalry rivalry) {
        if (rivalry == Rivalry.SAME) {
            return null;
        }
        if (rivalry == Rivalry.EXTERNAL_ID) {
            return entry.fault(
                    "externalId", "is taken: by another account, or by a connection that waits for its first consent");
        }
        if (rivalry == Rivalry.ACCOUNT) {
            return entry.fault("accountId", "is held by another connection of the tenant");
        }
        return entry.fault("line", "met another request that was undone; send it again");
    }

    private static Tally tally(ImportBatch batch, Outcome outcome) {
        long imported = 0;
        long unchanged = 0;
        long endsUnknown = 0;
        for (Entry entry : batch.entries()) {
            UUID id = entry.connection().id();
            if (outcome.fresh().contains(id)) {
                imported++;
                endsUnknown += entry.connection().yearly() && entry.connection().grantedAt() == null ? 1 : 0;
            } else if (outcome.rivals().get(id) == Rivalry.SAME) {
                unchanged++;
            }
        }
        long refused = batch.entries().size() - imported - unchanged;
        return new Tally(imported, unchanged, batch.failed() + refused, endsUnknown);
    }

    private static List<ImportedConnection> connections(List<Entry> entries) {
        return entries.stream().map(Entry::connection).toList();
    }
}
