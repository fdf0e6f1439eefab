package io.perennial.auth.imports;

import io.perennial.auth.connection.ConnectionImports;
import io.perennial.auth.connection.ConnectionImports.Rival;
import io.perennial.auth.connection.ConnectionImports.Rivalry;
import io.perennial.auth.connection.ImportedConnection;
import io.perennial.auth.imports.ImportBatch.Entry;
import io.perennial.auth.imports.ImportRuns.Hold;
import io.perennial.auth.imports.ImportRuns.Order;
import io.perennial.auth.imports.ImportRuns.Tally;
import io.perennial.auth.profile.ProfileImports;
import io.perennial.auth.token.GrantImports;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** Writes a batch: connections, grants, profiles, events, audit, faults and the progress, all or nothing. */
@ApplicationScoped
class LineWriting {
    private final ConnectionImports connections;
    private final GrantImports grants;
    private final ProfileImports profiles;
    private final LaterTokens later;
    private final ImportRuns runs;

    LineWriting(
            ConnectionImports connections,
            GrantImports grants,
            ProfileImports profiles,
            LaterTokens later,
            ImportRuns runs) {
        this.connections = connections;
        this.grants = grants;
        this.profiles = profiles;
        this.later = later;
        this.runs = runs;
    }

    /** Writes a batch unless it is written: after a commit whose answer was lost it is. What it came to. */
    Uni<Tally> write(SqlConnection transaction, Hold hold, Order order, ImportBatch batch) {
        return runs.lock(transaction, hold).chain(done -> {
            if (done == null) {
                throw new ProblemException(
                        StandardProblem.CONFLICT, "Another request has gone on with this import; it has the rest.");
            }
            if (done.lines() >= batch.last()) {
                return Uni.createFrom().item(Tally.NOTHING);
            }
            Work work = new Work(transaction, order, done.received());
            Uni<Map<UUID, LineFate>> fates =
                    order.dryRun() ? foreseen(work, batch.entries()) : written(work, batch.entries());
            return fates.chain(result -> {
                Tally tally = tally(batch, result);
                return runs.note(transaction, hold, faults(batch, result))
                        .chain(() -> runs.advance(transaction, hold, tally, batch))
                        .replaceWith(tally);
            });
        });
    }

    /**
     * What lines are written with.
     *
     * @param received how many later tokens came before
     */
    private record Work(SqlConnection transaction, Order order, long received) {
        String actor() {
            return order.actor().id();
        }
    }

    private Uni<Map<UUID, LineFate>> written(Work work, List<Entry> entries) {
        return kept(work, entries).chain(fates -> {
            List<Entry> free = without(entries, fates.keySet());
            return connections
                    .add(
                            work.transaction(),
                            free.stream()
                                    .map(entry -> entry.ready().connection())
                                    .toList(),
                            work.actor())
                    .call(added -> store(work, only(free, added)))
                    .invoke(added -> added.forEach(line -> fates.put(line, LineFate.IMPORTED)))
                    .chain(added -> others(work, without(free, added)))
                    .invoke(fates::putAll)
                    .replaceWith(fates);
        });
    }

    /** Lines that may not be written, whoever is there. */
    private Uni<Map<UUID, LineFate>> kept(Work work, List<Entry> entries) {
        Map<UUID, LineFate> fates = new HashMap<>();
        return connections
                .barred(work.transaction(), connections(entries))
                .invoke(barred -> barred.forEach(line -> fates.put(line, LineFate.BARRED)))
                .chain(barred -> profiles.held(work.transaction(), choices(without(entries, barred))))
                .invoke(held -> held.forEach(line -> fates.put(line, LineFate.PROFILE_HELD)))
                .replaceWith(fates);
    }

    private Uni<Void> store(Work work, List<Entry> added) {
        return grants.store(
                        work.transaction(),
                        added.stream().map(entry -> entry.ready().grant()).toList())
                .chain(() -> profiles.store(work.transaction(), choices(added), work.actor()));
    }

    /** Lines that somebody is in the way of. */
    private Uni<Map<UUID, LineFate>> others(Work work, List<Entry> entries) {
        return entries.isEmpty()
                ? Uni.createFrom().item(new HashMap<>())
                : connections.rivals(work.transaction(), connections(entries)).chain(rivals -> {
                    Map<UUID, LineFate> fates = refused(entries, rivals);
                    return later.take(work.transaction(), known(entries, rivals), work.order(), work.received())
                            .invoke(fates::putAll)
                            .replaceWith(fates);
                });
    }

    private static Map<UUID, LineFate> refused(List<Entry> entries, Map<UUID, Rival> rivals) {
        Map<UUID, LineFate> fates = new HashMap<>();
        for (Entry entry : entries) {
            UUID line = entry.connection().id();
            fates.put(line, fate(Objects.requireNonNull(rivals.get(line)).rivalry()));
        }
        return fates;
    }

    private static LineFate fate(Rivalry rivalry) {
        return switch (rivalry) {
            case SAME -> LineFate.UNCHANGED;
            case EXTERNAL_ID -> LineFate.TAKEN;
            case ACCOUNT -> LineFate.HELD;
            case NONE -> LineFate.UNDONE;
        };
    }

    private static List<LaterTokens.Known> known(List<Entry> entries, Map<UUID, Rival> rivals) {
        List<LaterTokens.Known> known = new ArrayList<>();
        for (Entry entry : entries) {
            Rival there = Objects.requireNonNull(rivals.get(entry.connection().id()));
            if (there.rivalry() == Rivalry.SAME) {
                known.add(new LaterTokens.Known(entry, there));
            }
        }
        return known;
    }

    /** What the batch would come to. Lines of one batch that rival each other are found, those further apart are not. */
    private Uni<Map<UUID, LineFate>> foreseen(Work work, List<Entry> entries) {
        return kept(work, entries).chain(fates -> {
            List<Entry> free = without(entries, fates.keySet());
            return connections.rivals(work.transaction(), connections(free)).chain(rivals -> {
                fates.putAll(foreseen(free, rivals));
                return later.foresee(work.transaction(), known(free, rivals))
                        .invoke(fates::putAll)
                        .replaceWith(fates);
            });
        });
    }

    private static Map<UUID, LineFate> foreseen(List<Entry> entries, Map<UUID, Rival> rivals) {
        Map<UUID, LineFate> fates = refused(entries, rivals);
        Set<List<Object>> names = new HashSet<>();
        Set<List<Object>> accounts = new HashSet<>();
        for (ImportedConnection line : connections(entries)) {
            if (fates.get(line.id()) == LineFate.UNDONE) {
                fates.put(line.id(), among(line, names, accounts));
            }
        }
        return fates;
    }

    private static LineFate among(ImportedConnection line, Set<List<Object>> names, Set<List<Object>> accounts) {
        if (!names.add(List.of(line.tenantId(), line.externalId()))) {
            return LineFate.TAKEN;
        }
        List<Object> account = List.of(line.tenantId(), line.provider(), line.region(), line.appId(), line.accountId());
        return accounts.add(account) ? LineFate.IMPORTED : LineFate.HELD;
    }

    private static List<ImportFault> faults(ImportBatch batch, Map<UUID, LineFate> fates) {
        List<ImportFault> faults = new ArrayList<>(batch.faults());
        for (Entry entry : batch.entries()) {
            ImportFault fault = of(fates, entry).fault(entry);
            if (fault != null) {
                faults.add(fault);
            }
        }
        return faults;
    }

    private static LineFate of(Map<UUID, LineFate> fates, Entry entry) {
        return Objects.requireNonNull(fates.get(entry.connection().id()));
    }

    private static Tally tally(ImportBatch batch, Map<UUID, LineFate> fates) {
        Map<LineFate, Long> counts = new HashMap<>();
        long endsUnknown = 0;
        for (Entry entry : batch.entries()) {
            LineFate fate = of(fates, entry);
            counts.merge(fate, 1L, Long::sum);
            endsUnknown += fate == LineFate.IMPORTED && entry.connection().endUnknown() ? 1 : 0;
        }
        long imported = count(counts, LineFate.IMPORTED);
        long unchanged = count(counts, LineFate.UNCHANGED);
        long received = count(counts, LineFate.RECEIVED);
        long refused = batch.entries().size() - imported - unchanged - received;
        return new Tally(imported, unchanged, received, batch.failed() + refused, endsUnknown);
    }

    private static long count(Map<LineFate, Long> counts, LineFate fate) {
        return counts.getOrDefault(fate, 0L);
    }

    private static List<ProfileImports.Choice> choices(List<Entry> entries) {
        return connections(entries).stream()
                .filter(line -> !line.profiles().isEmpty())
                .map(line -> new ProfileImports.Choice(
                        line.id(), line.tenantId(), line.externalId(), line.region(), line.appId(), line.profiles()))
                .toList();
    }

    private static List<Entry> without(List<Entry> entries, Set<UUID> lines) {
        return entries.stream()
                .filter(entry -> !lines.contains(entry.connection().id()))
                .toList();
    }

    private static List<Entry> only(List<Entry> entries, Set<UUID> lines) {
        return entries.stream()
                .filter(entry -> lines.contains(entry.connection().id()))
                .toList();
    }

    private static List<ImportedConnection> connections(List<Entry> entries) {
        return entries.stream().map(Entry::connection).toList();
    }
}
