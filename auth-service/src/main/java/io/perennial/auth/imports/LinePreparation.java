package io.perennial.auth.imports;

import io.perennial.auth.application.AppView;
import io.perennial.auth.application.Apps;
import io.perennial.auth.audit.ForeignIds;
import io.perennial.auth.connection.ConnectionImports;
import io.perennial.auth.connection.ImportedConnection;
import io.perennial.auth.connection.request.ContactRequest;
import io.perennial.auth.imports.ImportBatch.Entry;
import io.perennial.auth.imports.ImportBatch.Writable;
import io.perennial.auth.imports.ImportRuns.Hold;
import io.perennial.auth.imports.ImportRuns.Order;
import io.perennial.auth.request.Fields;
import io.perennial.auth.tenant.Tenants;
import io.perennial.auth.token.GrantImports;
import io.perennial.auth.token.GrantImports.BroughtGrant;
import io.perennial.auth.token.GrantImports.SealedGrant;
import io.perennial.auth.token.Grants.Holder;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.contracts.Provider;
import io.perennial.problem.FieldError;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.perennial.secret.RefreshToken;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of the lines of one request: read, checked, sealed. Lines that are done already are only compared with
 * what they were.
 */
final class LinePreparation {
    private final Services services;
    private final Hold hold;
    private final boolean dryRun;
    private final ForeignIds.Asker asker;
    private final @Nullable Set<String> visible;
    private final Fingerprint fingerprint = new Fingerprint();
    private final Map<AppWish, Uni<AppFound>> apps = new HashMap<>();
    private final Set<String> tenants = new HashSet<>();
    private final Set<String> refusedTenants = new HashSet<>();
    private long last;

    /** What preparing needs of others. */
    record Services(
            Apps apps,
            Tenants tenants,
            ConnectionImports connections,
            GrantImports grants,
            DomainClock clock,
            TimeOrderedIds ids,
            ForeignIds foreign) {}

    private record AppWish(Provider provider, @Nullable String named) {}

    private record AppFound(@Nullable AppView app, @Nullable FieldError fault) {}

    private record Read(long line, ImportLine fields) {
        AppWish wish() {
            return new AppWish(Objects.requireNonNull(fields.provider()), fields.app());
        }
    }

    LinePreparation(Services services, Hold hold, Order order, ForeignIds.Asker asker) {
        this.services = services;
        this.hold = hold;
        this.dryRun = order.dryRun();
        this.asker = asker;
        String @Nullable [] tenants = order.actor().tenants();
        this.visible = tenants == null ? null : Set.of(tenants);
    }

    /** Refuses a request whose lines ended before those that are done already. */
    void requireAllKnown() {
        if (last < hold.lines()) {
            throw otherLines();
        }
    }

    private ProblemException otherLines() {
        return new ProblemException(
                StandardProblem.IDEMPOTENCY_KEY_REUSED,
                "The first " + hold.lines() + " lines are not those that were imported under this key.");
    }

    /** A batch of the lines that are not done yet. */
    Uni<ImportBatch> prepare(List<RawLine> lines) {
        last = lines.get(lines.size() - 1).number();
        List<Read> read = new ArrayList<>();
        List<ImportFault> faults = new ArrayList<>();
        long failed = 0;
        for (RawLine line : lines) {
            fingerprint.add(line);
            if (line.number() == hold.lines() && !fingerprint.is(hold.fingerprint())) {
                throw otherLines();
            }
            if (line.number() > hold.lines() && !line.blank()) {
                failed += read(line, read, faults) ? 0 : 1;
            }
        }
        services.foreign().tenants(asker, Set.copyOf(refusedTenants));
        refusedTenants.clear();
        byte[] soFar = fingerprint.value();
        long until = last;
        long faulty = failed;
        return ensureTenants(read)
                .chain(() -> connections(read, faults))
                .chain(this::seal)
                .map(entries -> new ImportBatch(
                        until, entries, faulty + read.size() - entries.size(), List.copyOf(faults), soFar));
    }

    private boolean read(RawLine raw, List<Read> read, List<ImportFault> faults) {
        try {
            ImportLine line = LineReader.read(raw);
            Fields fields = new Fields();
            line.check(fields, services.clock().instant());
            if (line.tenantId() != null && visible != null && !visible.contains(line.tenantId())) {
                refusedTenants.add(line.tenantId());
                fields.reject("tenantId", "must be a tenant that you may act for");
            }
            fields.verify();
            return read.add(new Read(raw.number(), line));
        } catch (LineReader.UnreadableLine e) {
            faults.add(new ImportFault(
                    raw.number(), null, null, e.fault().field(), e.fault().message()));
        } catch (ProblemException e) {
            for (FieldError fault : e.errors()) {
                faults.add(new ImportFault(raw.number(), null, null, fault.field(), fault.message()));
            }
        }
        return false;
    }

    /** Before the transaction of the lines: its locks must not keep other requests waiting that make the same tenants. */
    private Uni<Void> ensureTenants(List<Read> read) {
        Set<String> fresh = read.stream()
                .map(line -> Objects.requireNonNull(line.fields().tenantId()))
                .filter(tenant -> !tenants.contains(tenant))
                .collect(Collectors.toSet());
        return dryRun || fresh.isEmpty()
                ? Uni.createFrom().voidItem()
                : services.tenants().ensure(fresh).invoke(() -> tenants.addAll(fresh));
    }

    /** A line whose application is known. */
    private record Ready(long line, ImportedConnection connection, RefreshToken token) {
        static Ready of(Read read, ImportedConnection connection) {
            return new Ready(
                    read.line(),
                    connection,
                    new RefreshToken(Objects.requireNonNull(read.fields().refreshToken())));
        }

        BroughtGrant grant(Instant now) {
            Holder holder = new Holder(
                    connection.tenantId(), connection.id(), ImportedConnection.GENERATION, connection.accountId());
            return new BroughtGrant(holder, token, connection.grantedAt() == null ? now : connection.grantedAt());
        }

        Entry entry(@Nullable Writable writable) {
            return new Entry(line, connection, token, writable);
        }
    }

    private Uni<List<Ready>> connections(List<Read> read, List<ImportFault> faults) {
        return Multi.createFrom()
                .iterable(read)
                .onItem()
                .transformToUniAndConcatenate(line -> app(line.wish()).map(app -> ready(line, app, faults)))
                .collect()
                .asList();
    }

    private Uni<List<Entry>> seal(List<Ready> lines) {
        if (dryRun) {
            return Uni.createFrom()
                    .item(lines.stream().map(line -> line.entry(null)).toList());
        }
        Instant now = services.clock().instant();
        return services.grants()
                .seal(lines.stream().map(line -> line.grant(now)).toList())
                .map(grants -> IntStream.range(0, lines.size())
                        .mapToObj(i -> writable(lines.get(i), grants.get(i)))
                        .toList());
    }

    private Uni<AppFound> app(AppWish wish) {
        return apps.computeIfAbsent(wish, key -> services.apps()
                .choose(key.named(), key.provider())
                .map(app -> new AppFound(app, null))
                .onFailure(ProblemException.class)
                .recoverWithItem(failure ->
                        new AppFound(null, ((ProblemException) failure).errors().get(0)))
                .memoize()
                .indefinitely());
    }

    private Entry writable(Ready line, SealedGrant grant) {
        return line.entry(new Writable(services.connections().prepare(line.connection()), grant));
    }

    private @Nullable Ready ready(Read read, AppFound found, List<ImportFault> faults) {
        AppView app = found.app();
        if (app == null) {
            FieldError fault = Objects.requireNonNull(found.fault());
            faults.add(new ImportFault(
                    read.line(), read.fields().tenantId(), read.fields().externalId(), fault.field(), fault.message()));
            return null;
        }
        return Ready.of(read, connection(services.ids().next(), app, read.fields()));
    }

    private ImportedConnection connection(UUID id, AppView app, ImportLine line) {
        String externalId = Objects.requireNonNull(line.externalId());
        return new ImportedConnection(
                id,
                Objects.requireNonNull(line.tenantId()),
                externalId,
                Objects.requireNonNull(line.provider()),
                Objects.requireNonNull(line.region()),
                app.id(),
                line.label() == null ? externalId : line.label(),
                ContactRequest.toContacts(line.contacts() == null ? List.of() : line.contacts(), services.ids()::next),
                line.marketplaces() == null ? List.of() : line.marketplaces(),
                Objects.requireNonNull(line.accountId()),
                app.isPrivate(),
                line.granted(),
                line.coveredUntil(),
                line.profiles() == null ? List.of() : line.profiles());
    }
}
