package io.perennial.auth.authorization.link;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.authorization.page.PublicConfig;
import io.perennial.auth.authorization.page.Randomness;
import io.perennial.auth.persistence.Origin;
import io.perennial.auth.vault.SealedWith;
import io.perennial.auth.vault.SealingPlace;
import io.perennial.auth.vault.SecretKind;
import io.perennial.auth.vault.TokenVault;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.service.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Consent links. The random part of a link is known to who got it; stored is its hash, and, where the request carried an
 * idempotency key, a sealed copy for the repeated answer.
 */
@ApplicationScoped
public class ConsentLinks {
    private static final int PURGE_BATCH = 1_000;

    private final Pool pool;
    private final TokenVault vault;
    private final Randomness randomness;
    private final PublicConfig addresses;
    private final Origin origin;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    ConsentLinks(
            Pool pool,
            TokenVault vault,
            Randomness randomness,
            PublicConfig addresses,
            Origin origin,
            DomainClock clock,
            TimeOrderedIds ids) {
        this.pool = pool;
        this.vault = vault;
        this.randomness = randomness;
        this.addresses = addresses;
        this.origin = origin;
        this.clock = clock;
        this.ids = ids;
    }

    /** The grant that a link is to replace, or the first one. */
    public record Target(UUID connectionId, int generation) {}

    /** A link of a tenant. */
    public record ConsentLink(
            UUID id, String tenantId, @Nullable String returnUrl, Instant createdAt, List<Target> targets) {}

    /** What a new link is for. */
    public record Order(String tenantId, List<Target> targets, @Nullable String returnUrl, String actor) {}

    /** A link as it is handed out, once. */
    public record Issued(UUID id, String url) {
        @Override
        public String toString() {
            return "Issued[" + id + "]";
        }
    }

    /** The link with this random part; null if there is none. */
    public Uni<@Nullable ConsentLink> find(String random) {
        if (!Randomness.wellFormed(random)) {
            return Uni.createFrom().nullItem();
        }
        return find("token_hash", Buffer.buffer(Randomness.hash(random)));
    }

    /** The link of this id; null if there is none. */
    public Uni<@Nullable ConsentLink> find(UUID id) {
        return find("id", id);
    }

    private Uni<@Nullable ConsentLink> find(String column, Object value) {
        return pool.preparedQuery(
                        """
                        select l.id, l.tenant_id, l.return_url, l.created_at, t.connection_id, t.generation
                          from consent_link l join consent_link_connection t on t.link_id = l.id
                         where l.%s = $1
                         order by t.position
                        """
                                .formatted(column))
                .execute(Tuple.of(value))
                .map(ConsentLinks::link);
    }

    /** Where a link of this id lets the merchant return to; null if nowhere. */
    public Uni<@Nullable String> returnUrl(@Nullable UUID linkId) {
        if (linkId == null) {
            return Uni.createFrom().nullItem();
        }
        return pool.preparedQuery("select return_url from consent_link where id = $1")
                .execute(Tuple.of(linkId))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getString(0));
    }

    /** A new link. */
    public Uni<Issued> issue(Order order, @Nullable IdempotencyKey key) {
        UUID id = ids.next();
        String random = randomness.text();
        if (key == null) {
            return insert(id, random, order, null, null, null).replaceWith(new Issued(id, url(random)));
        }
        SealingPlace place = place(order.tenantId(), id);
        return vault.key(place).chain(with -> vault.sealLink(random, with, place)
                .chain(cipher -> insert(id, random, order, key, with, cipher))
                .replaceWith(new Issued(id, url(random))));
    }

    /** The link that a caller got for a tenant under an idempotency key; null if none. */
    public Uni<@Nullable Issued> replay(String actor, String tenantId, @Nullable IdempotencyKey key) {
        if (key == null) {
            return Uni.createFrom().nullItem();
        }
        return pool.preparedQuery(
                        """
                        select id, tenant_id, tenant_key_id, data_key, sealed_token, request_hash
                          from consent_link
                         where created_by = $1 and tenant_id = $2 and idempotency_key = $3
                        """)
                .execute(Tuple.of(actor, tenantId, key.key()))
                .chain(rows -> {
                    if (rows.size() == 0) {
                        return Uni.createFrom().nullItem();
                    }
                    Row row = rows.iterator().next();
                    key.requireSameRequest(row.getString("request_hash"));
                    return reopen(row);
                });
    }

    /** Links for reminders: one statement however many. In the order of the targets. */
    public Uni<List<String>> issueReminders(List<String> tenants, List<Target> targets, String actor) {
        List<String> urls = new ArrayList<>();
        UUID[] linkIds = new UUID[targets.size()];
        Buffer[] hashes = new Buffer[targets.size()];
        UUID[] connections = new UUID[targets.size()];
        Integer[] generations = new Integer[targets.size()];
        for (int i = 0; i < targets.size(); i++) {
            String random = randomness.text();
            urls.add(url(random));
            linkIds[i] = ids.next();
            hashes[i] = Buffer.buffer(Randomness.hash(random));
            connections[i] = targets.get(i).connectionId();
            generations[i] = targets.get(i).generation();
        }
        Tuple values = Tuple.tuple()
                .addValue(linkIds)
                .addValue(hashes)
                .addValue(tenants.toArray(String[]::new))
                .addValue(connections)
                .addValue(generations)
                .addValue(now())
                .addValue(actor);
        return pool.preparedQuery(
                        """
                        with ordered as (
                            select * from unnest($1::uuid[], $2::bytea[], $3::text[], $4::uuid[], $5::int[])
                                as o(link_id, token_hash, tenant_id, connection_id, generation)
                        ), links as (
                            insert into consent_link (id, token_hash, tenant_id, created_at, created_by)
                            select link_id, token_hash, tenant_id, $6, $7 from ordered
                        )
                        insert into consent_link_connection (link_id, position, connection_id, generation)
                        select link_id, 0, connection_id, generation from ordered
                        """)
                .execute(values)
                .replaceWith(List.copyOf(urls));
    }

    /** Removes links that no longer work for any of their connections. */
    public Uni<Integer> purge(Duration afterEnd) {
        return pool.preparedQuery(
                        """
                        delete from consent_link
                         where id in (select l.id from consent_link l
                                       where l.created_at < $2
                                         and not exists (
                                             select from consent_link_connection t
                                               join connection c on c.id = t.connection_id
                                              where t.link_id = l.id and c.generation = t.generation
                                                and c.state <> 'DISCONNECTED'
                                                and (c.ends_at is null or c.ends_at > $1))
                                       limit $3)
                        """)
                .execute(Tuple.of(now().minus(afterEnd), now().minus(afterEnd), PURGE_BATCH))
                .map(rows -> rows.rowCount());
    }

    private Uni<Void> insert(
            UUID id,
            String random,
            Order order,
            @Nullable IdempotencyKey key,
            @Nullable SealedWith with,
            byte @Nullable [] cipher) {
        Tuple link = Tuple.tuple()
                .addValue(id)
                .addValue(Buffer.buffer(Randomness.hash(random)))
                .addValue(order.tenantId())
                .addValue(order.returnUrl())
                .addValue(cipher == null ? null : Buffer.buffer(cipher))
                .addValue(with == null ? null : with.tenantKeyId())
                .addValue(with == null ? null : Buffer.buffer(with.dataKey()))
                .addValue(now())
                .addValue(order.actor())
                .addValue(key == null ? null : key.key())
                .addValue(key == null ? null : key.requestHash());
        return pool.withTransaction(transaction -> transaction
                        .preparedQuery(
                                """
                                insert into consent_link (id, token_hash, tenant_id, return_url, sealed_token,
                                    tenant_key_id, data_key, created_at, created_by, idempotency_key, request_hash)
                                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                                """)
                        .execute(link)
                        .chain(() -> insertTargets(transaction, id, order)))
                .replaceWithVoid();
    }

    private Uni<RowSet<Row>> insertTargets(SqlConnection transaction, UUID id, Order order) {
        UUID[] connections = order.targets().stream().map(Target::connectionId).toArray(UUID[]::new);
        Integer[] generations = order.targets().stream().map(Target::generation).toArray(Integer[]::new);
        String address = origin.address();
        return transaction
                .preparedQuery(
                        """
                        with targets as (
                            insert into consent_link_connection (link_id, position, connection_id, generation)
                            select $1, position, connection_id, generation
                              from unnest($2::uuid[], $3::int[]) with ordinality as t(connection_id, generation, position)
                            returning connection_id, generation
                        )
                        insert into audit_entry (tenant_id, connection_id, generation, kind, actor, occurred_at, origin)
                        select $4, connection_id, generation, $5, $6, $7, $8 from targets
                        """)
                .execute(Tuple.tuple()
                        .addValue(id)
                        .addValue(connections)
                        .addValue(generations)
                        .addValue(order.tenantId())
                        .addValue(AuditKind.LINK_ISSUED.name())
                        .addValue(order.actor())
                        .addValue(now())
                        .addValue(address));
    }

    private Uni<Issued> reopen(Row row) {
        UUID id = row.getUUID("id");
        return vault.openLink(
                        row.getBuffer("sealed_token").getBytes(),
                        new SealedWith(
                                row.getUUID("tenant_key_id"),
                                row.getBuffer("data_key").getBytes()),
                        place(row.getString("tenant_id"), id))
                .map(random -> new Issued(id, url(random)));
    }

    private String url(String random) {
        return addresses.url().resolve("/connect/" + random).toString();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static SealingPlace place(String tenantId, UUID id) {
        return new SealingPlace(tenantId, id.toString(), 0, SecretKind.CONSENT_LINK);
    }

    private static @Nullable ConsentLink link(RowSet<Row> rows) {
        List<Target> targets = new ArrayList<>();
        Row last = null;
        for (Row row : rows) {
            targets.add(new Target(row.getUUID("connection_id"), row.getInteger("generation")));
            last = row;
        }
        return last == null
                ? null
                : new ConsentLink(
                        last.getUUID("id"),
                        last.getString("tenant_id"),
                        last.getString("return_url"),
                        last.getOffsetDateTime("created_at").toInstant(),
                        targets);
    }
}
