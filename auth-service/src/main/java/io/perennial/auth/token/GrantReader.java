package io.perennial.auth.token;

import io.perennial.auth.vault.SealedWith;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads grants, leases the right to refresh them, and stores what a refresh brought. */
@ApplicationScoped
class GrantReader {
    private static final String SELECT =
            """
            select g.id, g.tenant_id, g.connection_id, g.generation, g.account_id, g.tenant_key_id, g.data_key,
                   g.sealed_refresh_token, g.sealed_access_token, g.access_expires_at,
                   g.lease_epoch, a.suspended_at is not null as suspended, a.client_id,
                   case c.region when 'NA' then a.api_na when 'EU' then a.api_eu else a.api_fe end as api,
                   c.state, c.provider, c.region, c.app_id, c.account_name, c.account_marketplaces, c.marketplaces
              from grant_record g join connection c on c.id = g.connection_id join app a on a.id = c.app_id
            """;

    private final Pool pool;

    GrantReader(Pool pool) {
        this.pool = pool;
    }

    /** The current grant of a connection; null if it has none. */
    Uni<@Nullable OpenGrant> current(UUID connectionId) {
        return current(connectionId, null);
    }

    /** The current grant of a connection, if the tenants may see it; null stands for all tenants. */
    Uni<@Nullable OpenGrant> current(UUID connectionId, String @Nullable [] tenants) {
        return pool.preparedQuery(
                        SELECT
                                + """
                          where g.connection_id = $1 and g.status = 'CURRENT'
                            and ($2::text[] is null or g.tenant_id = any($2))
                          """)
                .execute(Tuple.tuple().addValue(connectionId).addValue(tenants))
                .map(GrantReader::first);
    }

    /** A candidate; null if it was destroyed or decided. */
    Uni<@Nullable OpenGrant> candidate(UUID grantId) {
        return pool.preparedQuery(SELECT + " where g.id = $1 and g.status = 'CANDIDATE'")
                .execute(Tuple.of(grantId))
                .map(GrantReader::first);
    }

    /** Whether a later consent is being checked, or waits for an operator. Each is decided or put away in the end. */
    Uni<Boolean> renewalUnderWay(UUID connectionId) {
        return pool.preparedQuery(
                        """
                        select exists (select 1 from grant_record
                                        where connection_id = $1 and status = 'CANDIDATE')
                        """)
                .execute(Tuple.of(connectionId))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /**
     * Takes the lease if nobody holds it and nobody held it since the grant was read: what another holder brought must be
     * looked at first. The new epoch fences whoever held it before. Null: not taken, look again.
     */
    Uni<@Nullable Long> lease(UUID grantId, long seen, String owner, int seconds) {
        return pool.preparedQuery(
                        """
                        update grant_record
                           set lease_owner = $2, lease_epoch = lease_epoch + 1,
                               lease_until = clock_timestamp() + make_interval(secs => $3)
                         where id = $1 and lease_epoch = $4
                           and (lease_until is null or lease_until <= clock_timestamp())
                        returning lease_epoch
                        """)
                .execute(Tuple.of(grantId, owner, (double) seconds, seen))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getLong(0));
    }

    /**
     * Gives the lease back; false if another took it since. Here as in {@link #store} the epoch moves on, so that who
     * looked while the provider was asked has to look again.
     */
    Uni<Boolean> release(UUID grantId, long epoch) {
        return pool.preparedQuery(
                        """
                        update grant_record set lease_until = null, lease_epoch = lease_epoch + 1
                         where id = $1 and lease_epoch = $2
                        """)
                .execute(Tuple.of(grantId, epoch))
                .map(rows -> rows.rowCount() == 1);
    }

    /** What to store after a refresh. */
    record Refreshed(byte[] sealedRefreshToken, byte[] sealedAccessToken, Instant accessExpiresAt) {}

    /** Stores tokens and gives the lease back; a holder that lost its lease changes nothing. */
    Uni<Boolean> store(UUID grantId, long epoch, Refreshed tokens) {
        return pool.preparedQuery(
                        """
                        update grant_record
                           set sealed_refresh_token = $3, sealed_access_token = $4, access_expires_at = $5,
                               lease_until = null, lease_epoch = lease_epoch + 1
                         where id = $1 and lease_epoch = $2 and data_key is not null
                        """)
                .execute(Tuple.of(
                        grantId,
                        epoch,
                        Buffer.buffer(tokens.sealedRefreshToken()),
                        Buffer.buffer(tokens.sealedAccessToken()),
                        tokens.accessExpiresAt().atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
    }

    private static @Nullable OpenGrant first(RowSet<Row> rows) {
        return rows.size() == 0 ? null : grant(rows.iterator().next());
    }

    private static OpenGrant grant(Row row) {
        var access = row.getBuffer("sealed_access_token");
        OffsetDateTime expires = row.getOffsetDateTime("access_expires_at");
        String[] takesPart = row.getArrayOfStrings("account_marketplaces");
        Provider provider = Provider.valueOf(row.getString("provider"));
        return new OpenGrant(
                row.getUUID("id"),
                row.getString("tenant_id"),
                row.getUUID("connection_id"),
                row.getInteger("generation"),
                row.getString("account_id"),
                ConnectionStatus.valueOf(row.getString("state")),
                provider,
                Region.valueOf(row.getString("region")),
                row.getUUID("app_id"),
                List.of(takesPart.length > 0 ? takesPart : row.getArrayOfStrings("marketplaces")),
                new SealedWith(
                        row.getUUID("tenant_key_id"), row.getBuffer("data_key").getBytes()),
                row.getBuffer("sealed_refresh_token").getBytes(),
                access == null ? null : access.getBytes(),
                expires == null ? null : expires.toInstant(),
                row.getLong("lease_epoch"),
                provider == Provider.AMAZON_SELLER && takesPart.length == 0 && row.getString("account_name") == null,
                row.getBoolean("suspended"),
                row.getString("client_id"),
                row.getString("api"));
    }
}
