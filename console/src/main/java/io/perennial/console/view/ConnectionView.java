package io.perennial.console.view;

import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A connection with what went wrong last and the fetch that is under way.
 *
 * @param review what an operator's decision about a consent is given for; null if none waits
 */
public record ConnectionView(
        UUID id,
        String tenantId,
        String externalId,
        Provider provider,
        Region region,
        String label,
        List<String> marketplaces,
        @Nullable String accountId,
        @Nullable String accountName,
        ConnectionStatus state,
        int generation,
        @Nullable Instant authorizedAt,
        @Nullable Instant renewedAt,
        @Nullable Instant endsAt,
        @Nullable EndsAtSource endsAtSource,
        @Nullable Trouble trouble,
        @Nullable UUID review,
        @Nullable FetchView running) {

    /** The account of the last consent, by name where it is known; null before the first. */
    public @Nullable String account() {
        return accountName == null || accountId == null ? accountId : accountName + " (" + accountId + ")";
    }

    /** What went wrong last and is not mended. */
    public record Trouble(String code, @Nullable String detail, Instant at) {}

    static final String COLUMNS =
            """
            select c.connection_id, c.tenant_id, c.external_id, c.provider, c.region, c.label, c.marketplaces,
                c.account_id, c.account_name, c.state, c.generation, c.authorized_at, c.renewed_at, c.ends_at,
                c.ends_at_source, t.code as trouble_code, t.detail as trouble_detail, t.occurred_at as trouble_at,
                w.detail as review,
                f.fetch_id, f.reason, f.state as fetch_state, f.from_at, f.to_at, f.pages, f.orders_new,
                f.orders_updated, f.orders_unchanged, f.code, f.requested_at, f.changed_at
            from connection c
            left join lateral (
                select code, detail, occurred_at from trouble
                where trouble.connection_id = c.connection_id and trouble.generation >= c.generation
                    and code is not null
                order by occurred_at desc limit 1) t on true
            left join trouble w on w.connection_id = c.connection_id and w.kind = 'CONSENT' and w.code is not null
                and w.generation = c.generation
            left join lateral (
                select * from fetch_job
                where fetch_job.connection_id = c.connection_id and fetch_job.state in ('WAITING', 'RUNNING')
                order by requested_at desc limit 1) f on true
            """;

    static ConnectionView of(Row row) {
        String marketplaces = row.getString("marketplaces");
        String source = row.getString("ends_at_source");
        String code = row.getString("trouble_code");
        return new ConnectionView(
                row.getUUID("connection_id"),
                row.getString("tenant_id"),
                row.getString("external_id"),
                Provider.valueOf(row.getString("provider")),
                Region.valueOf(row.getString("region")),
                row.getString("label"),
                marketplaces.isEmpty() ? List.of() : List.of(marketplaces.split(" ")),
                row.getString("account_id"),
                row.getString("account_name"),
                ConnectionStatus.valueOf(row.getString("state")),
                row.getInteger("generation"),
                instant(row, "authorized_at"),
                instant(row, "renewed_at"),
                instant(row, "ends_at"),
                source == null ? null : EndsAtSource.valueOf(source),
                code == null ? null : new Trouble(code, row.getString("trouble_detail"), at(row, "trouble_at")),
                row.getString("review") == null ? null : UUID.fromString(row.getString("review")),
                row.getUUID("fetch_id") == null ? null : FetchView.of(row, "fetch_state"));
    }

    static @Nullable Instant instant(Row row, String column) {
        return Optional.ofNullable(row.getOffsetDateTime(column))
                .map(OffsetDateTime::toInstant)
                .orElse(null);
    }

    static Instant at(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }
}
