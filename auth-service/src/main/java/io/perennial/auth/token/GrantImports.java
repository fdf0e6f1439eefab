package io.perennial.auth.token;

import io.perennial.auth.token.Grant.Status;
import io.perennial.auth.vault.SealedWith;
import io.perennial.auth.vault.SealingPlace;
import io.perennial.auth.vault.TokenVault;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.secret.RefreshToken;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Takes over grants that an integrator held before: sealed together, stored with one statement. */
@ApplicationScoped
public class GrantImports {
    private final TokenVault vault;
    private final TimeOrderedIds ids;

    GrantImports(TokenVault vault, TimeOrderedIds ids) {
        this.vault = vault;
        this.ids = ids;
    }

    /** A sealed grant that is not stored yet. */
    public record SealedGrant(UUID id, Grants.Holder holder, Instant grantedAt, SealedWith with, byte[] refreshToken) {
        @Override
        public String toString() {
            return "SealedGrant[" + id + "]";
        }
    }

    /** A grant as it arrived. */
    public record BroughtGrant(Grants.Holder holder, RefreshToken token, Instant grantedAt) {}

    /** Seals each token with a data key of its own. In the same order. */
    public Uni<List<SealedGrant>> seal(List<BroughtGrant> grants) {
        return vault.sealAll(grants.stream()
                        .map(grant -> new TokenVault.Unsealed(grant.token(), place(grant.holder())))
                        .toList())
                .map(tokens -> IntStream.range(0, grants.size())
                        .mapToObj(i -> taken(grants.get(i), tokens.get(i)))
                        .toList());
    }

    private SealedGrant taken(BroughtGrant grant, TokenVault.Sealed token) {
        return new SealedGrant(ids.next(), grant.holder(), grant.grantedAt(), token.with(), token.cipher());
    }

    private static SealingPlace place(Grants.Holder holder) {
        return Grants.place(holder.tenantId(), holder.connectionId(), holder.generation());
    }

    /** Stores grants as the current ones of connections that have none. */
    public Uni<Void> store(SqlConnection transaction, List<SealedGrant> grants) {
        return store(transaction, grants, Status.CURRENT);
    }

    /** Stores grants that guard and probe still decide about. */
    public Uni<Void> storeCandidates(SqlConnection transaction, List<SealedGrant> grants) {
        return store(transaction, grants, Status.CANDIDATE);
    }

    private static Uni<Void> store(SqlConnection transaction, List<SealedGrant> grants, Status status) {
        if (grants.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple values = Tuple.tuple()
                .addValue(column(grants, SealedGrant::id, UUID[]::new))
                .addValue(column(grants, grant -> grant.holder().tenantId(), String[]::new))
                .addValue(column(grants, grant -> grant.holder().connectionId(), UUID[]::new))
                .addValue(column(grants, grant -> grant.holder().generation(), Integer[]::new))
                .addValue(column(grants, grant -> grant.holder().accountId(), String[]::new))
                .addValue(column(grants, grant -> grant.grantedAt().atOffset(ZoneOffset.UTC), OffsetDateTime[]::new))
                .addValue(column(grants, grant -> grant.with().tenantKeyId(), UUID[]::new))
                .addValue(column(grants, grant -> Buffer.buffer(grant.with().dataKey()), Buffer[]::new))
                .addValue(column(grants, grant -> Buffer.buffer(grant.refreshToken()), Buffer[]::new))
                .addValue(status.name());
        return transaction
                .preparedQuery(
                        """
                        insert into grant_record (id, tenant_id, connection_id, generation, status, account_id,
                                                  granted_at, tenant_key_id, data_key, sealed_refresh_token)
                        select id, tenant_id, connection_id, generation, $10, account_id, granted_at,
                               tenant_key_id, data_key, sealed
                          from unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::text[], $6::timestamptz[],
                                      $7::uuid[], $8::bytea[], $9::bytea[])
                               as line(id, tenant_id, connection_id, generation, account_id, granted_at, tenant_key_id,
                                       data_key, sealed)
                        """)
                .execute(values)
                .replaceWithVoid();
    }

    /** A token that is offered for a connection that is there. */
    public record Offer(UUID line, UUID connectionId, RefreshToken token) {}

    /** How an offered token stands to those that the connection has. */
    public enum Comparison {
        CURRENT,
        BEING_CHECKED,
        /** It was refused, and lies in quarantine. */
        PUT_AWAY,
        ANOTHER
    }

    private record Stored(UUID connectionId, Status status, TokenVault.SealedAt token) {}

    /** Compares tokens with those that are stored; by line. */
    public Uni<Map<UUID, Comparison>> compare(SqlConnection client, List<Offer> offers) {
        return client.preparedQuery(
                        """
                        select connection_id, tenant_id, generation, status, tenant_key_id, data_key, sealed_refresh_token
                          from grant_record
                         where connection_id = any($1) and status in ('CURRENT', 'CANDIDATE', 'QUARANTINED')
                        """)
                .execute(Tuple.of(
                        offers.stream().map(Offer::connectionId).distinct().toArray(UUID[]::new)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(GrantImports::stored)
                        .toList())
                .chain(stored -> vault.openAll(
                                stored.stream().map(Stored::token).toList())
                        .map(tokens -> compare(offers, stored, tokens)));
    }

    private static Stored stored(Row row) {
        UUID connection = row.getUUID("connection_id");
        return new Stored(
                connection,
                Status.valueOf(row.getString("status")),
                new TokenVault.SealedAt(
                        new TokenVault.Sealed(
                                new SealedWith(
                                        row.getUUID("tenant_key_id"),
                                        row.getBuffer("data_key").getBytes()),
                                row.getBuffer("sealed_refresh_token").getBytes()),
                        Grants.place(row.getString("tenant_id"), connection, row.getInteger("generation"))));
    }

    private static Map<UUID, Comparison> compare(List<Offer> offers, List<Stored> stored, List<RefreshToken> tokens) {
        Map<UUID, Map<RefreshToken, Status>> known = new HashMap<>();
        for (int i = 0; i < stored.size(); i++) {
            known.computeIfAbsent(stored.get(i).connectionId(), id -> new HashMap<>())
                    // The current grant's token says most.
                    .merge(tokens.get(i), stored.get(i).status(), (a, b) -> a == Status.CURRENT ? a : b);
        }
        Map<UUID, Comparison> compared = new HashMap<>();
        for (Offer offer : offers) {
            Status status = known.getOrDefault(offer.connectionId(), Map.of()).get(offer.token());
            compared.put(offer.line(), comparison(status));
        }
        return compared;
    }

    private static Comparison comparison(@Nullable Status status) {
        if (status == null) {
            return Comparison.ANOTHER;
        }
        if (status == Status.CURRENT) {
            return Comparison.CURRENT;
        }
        return status == Status.CANDIDATE ? Comparison.BEING_CHECKED : Comparison.PUT_AWAY;
    }

    private static <T extends @Nullable Object> T[] column(
            List<SealedGrant> grants, Function<SealedGrant, T> value, IntFunction<T[]> array) {
        return grants.stream().map(value).toArray(array);
    }
}
