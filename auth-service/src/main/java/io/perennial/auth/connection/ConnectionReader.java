package io.perennial.auth.connection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.perennial.auth.connection.lifecycle.ProbingConfig;
import io.perennial.auth.connection.lifecycle.Verdict;
import io.perennial.auth.connection.request.ConnectionFilter;
import io.perennial.auth.connection.request.Contact;
import io.perennial.auth.outage.OutageConfig;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads connections without locking them. */
@ApplicationScoped
class ConnectionReader {
    private static final String COLUMNS =
            """
            id, tenant_id, external_id, reference, provider, region, app_id, label, contacts, marketplaces,
            expected_account_id, state, generation, account_id, account_name, account_marketplaces, account_verified,
            authorized_at, renewed_at, ends_at, ends_at_source, last_probe_at, last_probe_result, chosen_profiles,
            consent_review, trust_next_consent, created_at, updated_at
            """;
    /** A budget that was not used for a while allows so many seconds' worth at once. */
    private static final int BURST_SECONDS = 2;

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<List<Contact>> CONTACTS = new TypeReference<>() {};

    private final Pool pool;

    ConnectionReader(Pool pool) {
        this.pool = pool;
    }

    Uni<List<ConnectionView>> find(Collection<UUID> ids, String @Nullable [] tenants) {
        return pool.preparedQuery(
                        "select " + COLUMNS
                                + """
                          from connection
                         where id = any($1) and ($2::text[] is null or tenant_id = any($2))
                         """)
                .execute(Tuple.tuple().addValue(ids.toArray(UUID[]::new)).addValue(tenants))
                .map(ConnectionReader::views);
    }

    Uni<@Nullable UUID> holder(ConnectionView connection, String account) {
        return pool.preparedQuery(
                        """
                        select id from connection
                         where tenant_id = $1 and provider = $2 and region = $3 and app_id = $4 and account_id = $5
                           and state <> 'DISCONNECTED' and id <> $6
                        """)
                .execute(Tuple.of(
                        connection.tenantId(),
                        connection.provider().name(),
                        connection.region().name(),
                        connection.app(),
                        account,
                        connection.id()))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getUUID(0));
    }

    Uni<List<ConnectionView>> holding(Collection<UUID> apps, Region region, String account) {
        return pool.preparedQuery(
                        "select " + COLUMNS
                                + """
                          from connection
                         where account_id = $1 and app_id = any($2) and region = $3 and state <> 'DISCONNECTED'
                         order by array_position(array['EXPIRED', 'REVOKED', 'SUSPECT', 'OVERDUE'], state), ends_at, id
                         """)
                .execute(Tuple.of(account, apps.toArray(UUID[]::new), region.name()))
                .map(ConnectionReader::views);
    }

    /** One more than the limit, so that the caller knows whether there is a next page. */
    Uni<List<ConnectionView>> list(ConnectionFilter filter, String @Nullable [] tenants) {
        Tuple values = Tuple.tuple()
                .addValue(tenants)
                .addValue(filter.tenant())
                .addValue(filter.states())
                .addValue(filter.provider())
                .addValue(filter.region())
                .addValue(filter.endsBefore())
                .addValue(filter.needsConsent())
                .addValue(filter.pattern())
                .addValue(filter.before())
                .addValue(filter.limit() + 1);
        return pool.preparedQuery(
                        "select " + COLUMNS
                                + """
                          from connection
                         where ($1::text[] is null or tenant_id = any($1))
                           and ($2::text is null or tenant_id = $2)
                           and ($3::text[] is null or state = any($3))
                           and ($4::text is null or provider = $4)
                           and ($5::text is null or region = $5)
                           and ($6::timestamptz is null or ends_at < $6)
                           and ($7::boolean is null or (state in ('PENDING', 'EXPIRED', 'REVOKED')) = $7)
                           and ($8::text is null or label ilike $8 or external_id ilike $8 or account_id ilike $8
                                or account_name ilike $8 or reference ilike $8)
                           and ($9::uuid is null or id < $9)
                         order by id desc
                         limit $10
                         """)
                .execute(values)
                .map(ConnectionReader::views);
    }

    /** The connection of a tenant that a caller created under an idempotency key. */
    Uni<@Nullable Created> created(String actor, String tenantId, String key) {
        return pool.preparedQuery("select " + COLUMNS + ", request_hash from connection"
                        + " where created_by = $1 and tenant_id = $2 and idempotency_key = $3")
                .execute(Tuple.of(actor, tenantId, key))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return null;
                    }
                    Row row = rows.iterator().next();
                    return new Created(view(row), row.getString("request_hash"));
                });
    }

    record Created(ConnectionView connection, String requestHash) {}

    Uni<Map<ConnectionStatus, Long>> countByState() {
        return pool.query("select state, count(*) from connection group by state")
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(
                                row -> ConnectionStatus.valueOf(row.getString(0)), row -> row.getLong(1))));
    }

    /** The due instant of the probe that waits longest, of those that may be claimed: an index entry for each application. */
    Uni<@Nullable Instant> oldestDueProbe() {
        return pool.query(
                        """
                        select min(oldest.next_probe_at)
                          from app a
                         cross join lateral (
                               select d.next_probe_at from connection d
                                where d.app_id = a.id and d.next_probe_at is not null
                                  and not exists (select from provider_health h
                                                   where h.app_id = d.app_id and h.region = d.region
                                                     and h.reason is not null)
                                order by d.next_probe_at
                                limit 1) oldest
                         where a.suspended_at is null
                        """)
                .execute()
                .map(rows -> {
                    OffsetDateTime oldest = rows.iterator().next().getOffsetDateTime(0);
                    return oldest == null ? null : oldest.toInstant();
                });
    }

    /** One statement: takes from each application's budget what is due within it. */
    Uni<List<UUID>> claimDueProbes(Instant now, Instant next, ProbingConfig config) {
        return pool.preparedQuery(
                        """
                        with budget as (
                            select id as app_id,
                                   least($5::float8, probe_tokens
                                             + $4::float8 * extract(epoch from clock_timestamp() - probe_refilled_at)::float8)
                                       as tokens
                              from app
                             where suspended_at is null
                               for no key update skip locked
                        ), due as (
                            select c.id, b.app_id
                              from budget b
                             cross join lateral (
                                   select d.id from connection d
                                    where d.app_id = b.app_id and d.next_probe_at <= $1
                                      and not exists (select from provider_health h
                                                       where h.app_id = d.app_id and h.region = d.region
                                                         and h.reason is not null)
                                    order by d.next_probe_at
                                    limit greatest(0, least($3::int, floor(b.tokens)))::bigint
                                      for update of d skip locked) c
                        ), spent as (
                            update app a
                               set probe_tokens = b.tokens - n.claimed, probe_refilled_at = clock_timestamp()
                              from budget b
                              join (select app_id, count(*) as claimed from due group by app_id) n
                                on n.app_id = b.app_id
                             where a.id = b.app_id
                        )
                        update connection c set next_probe_at = $2 from due where c.id = due.id
                        returning c.id
                        """)
                .execute(Tuple.of(
                        utc(now),
                        utc(next),
                        config.batch(),
                        (double) config.budget(),
                        (double) config.budget() * BURST_SECONDS))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getUUID(0))
                        .toList());
    }

    /** Notes that the grant of an active connection works, if that is all there is to say; whether it was. */
    Uni<Boolean> noteAlive(Verdict verdict, Instant now, @Nullable Instant next) {
        return pool.preparedQuery(
                        """
                        update connection
                           set last_probe_at = $3, last_probe_result = $4, next_probe_at = $5
                         where id = $1 and generation = $2 and state = 'ACTIVE' and suspect_since is null
                           and (ends_at is null or ends_at > $3)
                        """)
                .execute(Tuple.of(
                        verdict.connectionId(),
                        verdict.generation(),
                        utc(now),
                        ConnectionVerdicts.ALIVE,
                        next == null ? null : utc(next)))
                .map(rows -> rows.rowCount() == 1);
    }

    Uni<Void> probeSoon(UUID id, Instant now) {
        return pool.preparedQuery("update connection set next_probe_at = $2 where id = $1 and next_probe_at > $2")
                .execute(Tuple.of(id, utc(now)))
                .replaceWithVoid();
    }

    Uni<Void> probeAtOnce(SqlConnection transaction, Map<UUID, Integer> generations, Instant now) {
        // Sorted, so that two batches can not deadlock.
        List<UUID> ids = generations.keySet().stream().sorted().toList();
        return transaction
                .preparedQuery(
                        """
                        update connection c set next_probe_at = $3
                          from unnest($1::uuid[], $2::int[]) as e(id, generation)
                         where c.id = e.id and c.generation = e.generation and c.next_probe_at > $3
                        """)
                .execute(Tuple.of(
                        ids.toArray(UUID[]::new),
                        ids.stream().map(generations::get).toArray(Integer[]::new),
                        utc(now)))
                .replaceWithVoid();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /**
     * Some that were refused lately (true) and some that worked lately (false). Chance picks them: three that happen not to
     * answer must not stand for all the others in every trial.
     */
    Uni<Map<UUID, Boolean>> witnesses(UUID app, Region region) {
        return pool.preparedQuery(
                        """
                        (select id, true as suspect
                           from (select id from connection
                                  where app_id = $1 and region = $2 and suspect_since is not null and state = 'SUSPECT'
                                  order by suspect_since desc limit 100) lately
                          order by random() limit 3)
                        union all
                        (select id, false
                           from (select id from connection
                                  where app_id = $1 and region = $2 and state in ('ACTIVE', 'OVERDUE')
                                    and next_probe_at is not null
                                  order by next_probe_at desc limit 100) lately
                          order by random() limit 3)
                        """)
                .execute(Tuple.of(app, region.name()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(row -> row.getUUID("id"), row -> row.getBoolean("suspect"))));
    }

    /**
     * Whether many grants that should live were refused at once: the provider's fault rather than the merchants' will. Those
     * whose second look came meanwhile count too: it comes sooner than the window ends. What happened in the window is no
     * part of a usual day.
     */
    Uni<Boolean> wave(UUID app, Region region, Instant now, OutageConfig config) {
        return pool.preparedQuery(
                        """
                        with refused as (
                            select count(distinct c.id) as grants, count(distinct c.tenant_id) as tenants
                              from audit_entry e join connection c on c.id = e.connection_id
                             where e.kind = 'STATE_CHANGED' and e.to_state = 'SUSPECT' and e.occurred_at > $3
                               and c.app_id = $1 and c.region = $2 and c.state in ('SUSPECT', 'REVOKED')
                               and (c.ends_at is null or c.ends_at > $4)
                        )
                        select grants >= $5::int and tenants >= $6::int
                               and grants >= $7::int * (select count(*) / 7.0
                                                     from audit_entry e join connection c on c.id = e.connection_id
                                                    where e.kind = 'STATE_CHANGED' and e.to_state = 'REVOKED'
                                                      and e.occurred_at > $4 - interval '7 days'
                                                      and e.occurred_at <= $3
                                                      and c.app_id = $1 and c.region = $2)
                          from refused
                        """)
                .execute(Tuple.tuple()
                        .addValue(app)
                        .addValue(region.name())
                        .addValue(utc(now.minus(config.waveWindow())))
                        .addValue(utc(now))
                        .addValue(config.waveGrants())
                        .addValue(config.waveTenants())
                        .addValue(config.waveFactor()))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    static List<Contact> contacts(String json) {
        try {
            return JSON.readValue(json, CONTACTS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Stored contacts can not be read");
        }
    }

    static String json(List<Contact> contacts) {
        try {
            return JSON.writeValueAsString(contacts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Contacts can not be written");
        }
    }

    private static List<ConnectionView> views(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(ConnectionReader::view)
                .toList();
    }

    private static ConnectionView view(Row row) {
        ConnectionStatus state = ConnectionStatus.valueOf(row.getString("state"));
        List<Contact> contacts = contacts(row.getString("contacts"));
        String source = row.getString("ends_at_source");
        return new ConnectionView(
                row.getUUID("id"),
                row.getString("tenant_id"),
                row.getString("external_id"),
                row.getString("reference"),
                Provider.valueOf(row.getString("provider")),
                Region.valueOf(row.getString("region")),
                row.getUUID("app_id"),
                row.getString("label"),
                contacts,
                List.of(row.getArrayOfStrings("marketplaces")),
                row.getString("expected_account_id"),
                state,
                state.usable(),
                state.needsConsent(),
                row.getInteger("generation"),
                row.getString("account_id"),
                row.getString("account_name"),
                List.of(row.getArrayOfStrings("account_marketplaces")),
                row.getBoolean("account_verified"),
                instant(row, "authorized_at"),
                instant(row, "renewed_at"),
                instant(row, "ends_at"),
                source == null ? null : EndsAtSource.valueOf(source),
                instant(row, "last_probe_at"),
                row.getString("last_probe_result"),
                row.getUUID("consent_review"),
                row.getBoolean("trust_next_consent"),
                setup(row, state, contacts, source),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant());
    }

    private static List<String> setup(
            Row row, ConnectionStatus state, List<Contact> contacts, @Nullable String source) {
        List<String> open = new ArrayList<>();
        if (state == ConnectionStatus.DISCONNECTED) {
            return open;
        }
        if (contacts.isEmpty()) {
            open.add("NO_CONTACT");
        }
        if (state.needsConsent()) {
            open.add("CONSENT_MISSING");
        }
        if (Provider.AMAZON_ADS.name().equals(row.getString("provider"))
                && row.getInteger("generation") > 0
                && row.getInteger("chosen_profiles") == 0) {
            open.add("CHOOSE_PROFILE");
        }
        if (row.getUUID("consent_review") != null) {
            open.add("REVIEW_CONSENT");
        }
        if (EndsAtSource.ESTIMATE.name().equals(source)) {
            open.add("END_ESTIMATED");
        }
        if (!row.getBoolean("account_verified")) {
            open.add("ACCOUNT_UNVERIFIED");
        }
        return open;
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime value = row.getOffsetDateTime(column);
        return value == null ? null : value.toInstant();
    }
}
