package io.perennial.auth.token;

import io.perennial.auth.vault.SealedWith;
import io.perennial.auth.vault.SealingPlace;
import io.perennial.auth.vault.TokenVault;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.secret.RefreshToken;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Takes over grants that an integrator held before: sealed one by one, stored with one statement. */
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

    /** Seals a token with a data key of its own. */
    public Uni<SealedGrant> seal(Grants.Holder holder, RefreshToken token, Instant grantedAt) {
        SealingPlace place = Grants.place(holder.tenantId(), holder.connectionId(), holder.generation());
        return vault.key(place).chain(with -> vault.seal(token, with, place)
                .map(cipher -> new SealedGrant(ids.next(), holder, grantedAt, with, cipher)));
    }

    /** Stores grants as the current ones of connections that have none. */
    public Uni<Void> store(SqlConnection transaction, List<SealedGrant> grants) {
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
                .addValue(column(grants, grant -> Buffer.buffer(grant.refreshToken()), Buffer[]::new));
        return transaction
                .preparedQuery(
                        """
                        insert into grant_record (id, tenant_id, connection_id, generation, status, account_id,
                                                  granted_at, tenant_key_id, data_key, sealed_refresh_token)
                        select id, tenant_id, connection_id, generation, 'CURRENT', account_id, granted_at,
                               tenant_key_id, data_key, sealed
                          from unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::text[], $6::timestamptz[],
                                      $7::uuid[], $8::bytea[], $9::bytea[])
                               as line(id, tenant_id, connection_id, generation, account_id, granted_at, tenant_key_id,
                                       data_key, sealed)
                        """)
                .execute(values)
                .replaceWithVoid();
    }

    private static <T extends @Nullable Object> T[] column(
            List<SealedGrant> grants, Function<SealedGrant, T> value, IntFunction<T[]> array) {
        return grants.stream().map(value).toArray(array);
    }
}
