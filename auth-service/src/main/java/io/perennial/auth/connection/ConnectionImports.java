package io.perennial.auth.connection;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.connection.lifecycle.GrantLife;
import io.perennial.auth.connection.lifecycle.ProbingConfig;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.ConnectionAuthorized;
import io.perennial.contracts.ConnectionCreated;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.GrantOrigin;
import io.perennial.contracts.Reference;
import io.perennial.outbox.Outbox;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Takes over many connections at once: a few statements however many there are. A row is new to everybody until the
 * transaction commits, so nothing has to be locked before its events are numbered.
 */
@ApplicationScoped
public class ConnectionImports {
    /** Created, authorized, state. */
    private static final long EVENTS = 3;

    private static final int SHARES = 1_000;
    private static final String REASON = "IMPORT";
    private static final String INSERT =
            """
            insert into connection (id, tenant_id, external_id, reference, provider, region, app_id, label, contacts,
                                    marketplaces, state, generation, sequence, account_id, authorized_at, renewed_at,
                                    ends_at, ends_at_source, next_probe_at, chosen_profiles, created_at, updated_at,
                                    created_by, account_verified)
            select id, tenant_id, external_id, reference, provider, region, app_id, label, contacts,
                   string_to_array(marketplaces, ','), 'ACTIVE', 1, $17, account_id, granted_at,
                   granted_at, ends_at, ends_at_source, next_probe_at, chosen_profiles, $18, $18, $19, false
              from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[],
                          $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::text[],
                          $15::timestamptz[], $16::int[])
                   as line(id, tenant_id, external_id, reference, provider, region, app_id, label, contacts,
                           marketplaces, account_id, granted_at, ends_at, ends_at_source, next_probe_at,
                           chosen_profiles)
             -- The same order everywhere, so that two imports of the same lines wait for each other and do not deadlock.
             order by tenant_id, external_id
            on conflict do nothing
            returning id
            """;

    private static final String RIVALS =
            """
            select line.id, known.id as connection_id, known.generation, known.renewed_at,
                   (known.provider, known.region, known.app_id, known.account_id)
                       is not distinct from (line.provider, line.region, line.app_id, line.account_id) as same,
                   exists (select from connection c
                            where c.tenant_id = line.tenant_id and c.provider = line.provider and c.region = line.region
                              and c.app_id = line.app_id and c.account_id = line.account_id
                              and c.state <> 'DISCONNECTED') as held
              from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[])
                   as line(id, tenant_id, external_id, provider, region, app_id, account_id)
              left join connection known on known.tenant_id = line.tenant_id and known.external_id = line.external_id
                                        and known.state <> 'DISCONNECTED'
            """;

    private static final String LOCK_ACCOUNTS =
            """
            select pg_advisory_xact_lock(hashtextextended(account, 0))
              from (select distinct provider || ' ' || region || ' ' || app_id || ' ' || account_id as account
                      from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[])
                           as line(id, tenant_id, external_id, provider, region, app_id, account_id)
                     order by 1) as wanted
            """;

    private static final String HELD_BY_OTHER_TENANTS =
            """
            select line.id
              from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[])
                   as line(id, tenant_id, external_id, provider, region, app_id, account_id)
             where exists (select from connection c
                            where c.provider = line.provider and c.region = line.region and c.app_id = line.app_id
                              and c.account_id = line.account_id and c.tenant_id <> line.tenant_id
                              and c.state <> 'DISCONNECTED')
            """;

    private final Outbox outbox;
    private final AuditTrail audit;
    private final GrantLife life;
    private final ProbingConfig probing;
    private final AccountsConfig accounts;
    private final DomainClock clock;

    ConnectionImports(
            Outbox outbox,
            AuditTrail audit,
            GrantLife life,
            ProbingConfig probing,
            AccountsConfig accounts,
            DomainClock clock) {
        this.outbox = outbox;
        this.audit = audit;
        this.life = life;
        this.probing = probing;
        this.accounts = accounts;
        this.clock = clock;
    }

    /** How a line stands to the connections that are there. */
    public enum Rivalry {
        NONE,
        /** It is there already: the same external id and the same account. */
        SAME,
        /** The external id belongs to another account, or still waits for its first consent. */
        EXTERNAL_ID,
        /** The account is held by another connection of the tenant. */
        ACCOUNT
    }

    /**
     * Who is there already.
     *
     * @param connectionId null unless the external id is known
     * @param renewedAt when the merchant consented last; null if nobody knows
     */
    public record Rival(Rivalry rivalry, @Nullable UUID connectionId, int generation, @Nullable Instant renewedAt) {}

    /** A connection as it will be written, with its events: made ahead, so that no transaction waits for it. */
    public static final class Prepared {
        private final Connection row;
        private final List<Outbox.Rendered> events;

        private Prepared(Connection row, List<Outbox.Rendered> events) {
            this.row = row;
            this.events = events;
        }
    }

    /** Makes everything ready that does not depend on who is there already. */
    public Prepared prepare(ImportedConnection line) {
        Instant now = clock.instant();
        Connection row = row(line, now);
        return new Prepared(
                row, events(row, line, now).stream().map(outbox::render).toList());
    }

    /** Adds what is not there yet, with events and audit. The ids of what was added. */
    public Uni<Set<UUID>> add(SqlConnection transaction, List<Prepared> lines, String actor) {
        if (lines.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        Instant now = clock.instant();
        List<Connection> rows = lines.stream().map(line -> line.row).toList();
        return transaction
                .preparedQuery(INSERT)
                .execute(values(rows)
                        .addValue(EVENTS)
                        .addValue(now.atOffset(ZoneOffset.UTC))
                        .addValue(actor))
                .map(inserted -> {
                    Set<UUID> ids = new HashSet<>();
                    inserted.forEach(row -> ids.add(row.getUUID(0)));
                    return ids;
                })
                .call(added -> audit.addAll(transaction, audited(rows, added, actor, now)))
                .call(added -> outbox.appendRendered(
                        transaction,
                        lines.stream()
                                .filter(line -> added.contains(line.row.id))
                                .flatMap(line -> line.events.stream())
                                .toList()));
    }

    private static List<AuditLine> audited(List<Connection> rows, Set<UUID> added, String actor, Instant now) {
        return rows.stream()
                .filter(row -> added.contains(row.id))
                .map(row -> ConnectionMoves.about(AuditKind.CONNECTION_IMPORTED, row, actor, now)
                        .moving(null, row.state.name())
                        .because(REASON))
                .toList();
    }

    /**
     * Lines whose account another tenant holds, where a deployment does not allow that. Their accounts stay locked until the
     * transaction ends, so that of two tenants one is first.
     */
    public Uni<Set<UUID>> barred(SqlConnection transaction, List<ImportedConnection> lines) {
        if (lines.isEmpty() || accounts.acrossTenants() == AccountsConfig.AcrossTenants.ALLOW) {
            return Uni.createFrom().item(Set.of());
        }
        return transaction
                .preparedQuery(LOCK_ACCOUNTS)
                .execute(accounts(lines))
                .chain(() -> transaction.preparedQuery(HELD_BY_OTHER_TENANTS).execute(accounts(lines)))
                .map(rows -> {
                    Set<UUID> barred = barredAmong(lines);
                    rows.forEach(row -> barred.add(row.getUUID(0)));
                    return barred;
                });
    }

    private static Set<UUID> barredAmong(List<ImportedConnection> lines) {
        Map<List<Object>, String> first = new HashMap<>();
        Set<UUID> barred = new HashSet<>();
        for (ImportedConnection line : lines) {
            List<Object> account = List.of(line.provider(), line.region(), line.appId(), line.accountId());
            String tenant = first.putIfAbsent(account, line.tenantId());
            if (tenant != null && !tenant.equals(line.tenantId())) {
                barred.add(line.id());
            }
        }
        return barred;
    }

    /** How lines stand to the connections that are there. */
    public Uni<Map<UUID, Rival>> rivals(SqlConnection client, List<ImportedConnection> lines) {
        return client.preparedQuery(RIVALS).execute(accounts(lines)).map(rows -> {
            Map<UUID, Rival> found = new HashMap<>();
            rows.forEach(row -> found.put(row.getUUID("id"), rival(row)));
            return found;
        });
    }

    private static Tuple accounts(List<ImportedConnection> lines) {
        return Tuple.tuple()
                .addValue(column(lines, ImportedConnection::id, UUID[]::new))
                .addValue(column(lines, ImportedConnection::tenantId, String[]::new))
                .addValue(column(lines, ImportedConnection::externalId, String[]::new))
                .addValue(column(lines, line -> line.provider().name(), String[]::new))
                .addValue(column(lines, line -> line.region().name(), String[]::new))
                .addValue(column(lines, ImportedConnection::appId, UUID[]::new))
                .addValue(column(lines, ImportedConnection::accountId, String[]::new));
    }

    private static Rival rival(Row row) {
        UUID known = row.getUUID("connection_id");
        if (known == null) {
            return new Rival(row.getBoolean("held") ? Rivalry.ACCOUNT : Rivalry.NONE, null, 0, null);
        }
        OffsetDateTime renewed = row.getOffsetDateTime("renewed_at");
        return new Rival(
                row.getBoolean("same") ? Rivalry.SAME : Rivalry.EXTERNAL_ID,
                known,
                row.getInteger("generation"),
                renewed == null ? null : renewed.toInstant());
    }

    private Connection row(ImportedConnection line, Instant now) {
        Connection row = new Connection();
        row.id = line.id();
        row.tenantId = line.tenantId();
        row.externalId = line.externalId();
        row.reference = Reference.of(line.id());
        row.provider = line.provider();
        row.region = line.region();
        row.appId = line.appId();
        row.label = line.label();
        row.contacts = ConnectionReader.json(line.contacts());
        row.marketplaces = line.marketplaces().toArray(String[]::new);
        row.accountId = line.accountId();
        row.chosenProfiles = line.profiles().size();
        row.state = ConnectionStatus.ACTIVE;
        row.generation = ImportedConnection.GENERATION;
        row.authorizedAt = line.grantedAt();
        row.renewedAt = line.grantedAt();
        // Without a date the grant ends within a year from now; nobody can say when.
        Instant begun = line.grantedAt() == null ? now : line.grantedAt();
        row.endsAt = life.end(line.provider(), line.ownApplication(), begun);
        if (row.endsAt != null) {
            row.endsAtSource = line.grantedAt() == null ? EndsAtSource.ESTIMATE : EndsAtSource.RULE;
        }
        row.nextProbeAt = firstProbe(row, now);
        return row;
    }

    /** Imported grants have never been tried: each is within one interval, spread over all of it. */
    private Instant firstProbe(Connection row, Instant now) {
        Duration share = probing.interval()
                .multipliedBy(Math.floorMod(row.id.hashCode(), SHARES))
                .dividedBy(SHARES);
        return row.endReached(now) ? now : now.plus(share);
    }

    private List<EventEnvelope> events(Connection row, ImportedConnection line, Instant now) {
        List<String> marketplaces = line.marketplaces();
        ConnectionAuthorized authorized = new ConnectionAuthorized(
                row.ref(now),
                row.accountId,
                null,
                marketplaces,
                row.renewedAt == null ? now : row.renewedAt,
                row.endsAt,
                row.endsAtSource,
                GrantOrigin.IMPORT,
                line.coveredUntil());
        return List.of(
                outbox.envelope(new ConnectionCreated(row.ref(now), row.label, marketplaces), 1),
                outbox.envelope(authorized, 2),
                outbox.envelope(row.published(now), EVENTS));
    }

    private static Tuple values(List<Connection> rows) {
        return Tuple.tuple()
                .addValue(column(rows, row -> row.id, UUID[]::new))
                .addValue(column(rows, row -> row.tenantId, String[]::new))
                .addValue(column(rows, row -> row.externalId, String[]::new))
                .addValue(column(rows, row -> row.reference, String[]::new))
                .addValue(column(rows, row -> row.provider.name(), String[]::new))
                .addValue(column(rows, row -> row.region.name(), String[]::new))
                .addValue(column(rows, row -> row.appId, UUID[]::new))
                .addValue(column(rows, row -> row.label, String[]::new))
                .addValue(column(rows, row -> row.contacts, String[]::new))
                .addValue(column(rows, ConnectionImports::marketplaces, String[]::new))
                .addValue(column(rows, row -> row.accountId, String[]::new))
                .addValue(column(rows, row -> utc(row.authorizedAt), OffsetDateTime[]::new))
                .addValue(column(rows, row -> utc(row.endsAt), OffsetDateTime[]::new))
                .addValue(column(rows, row -> row.endsAtSource == null ? null : row.endsAtSource.name(), String[]::new))
                .addValue(column(rows, row -> utc(row.nextProbeAt), OffsetDateTime[]::new))
                .addValue(column(rows, row -> row.chosenProfiles, Integer[]::new));
    }

    /** As one text: an array of arrays would need the same length in every row. Ids of marketplaces have no comma. */
    private static String marketplaces(Connection row) {
        return String.join(",", row.marketplaces);
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static <R, T extends @Nullable Object> T[] column(
            List<R> rows, Function<R, T> value, IntFunction<T[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
