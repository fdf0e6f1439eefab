package io.perennial.auth.campaign;

import io.perennial.auth.campaign.CampaignView.Progress;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.RenewalReason;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads campaigns and counts how far they came. */
@ApplicationScoped
class CampaignReader {
    private static final String COLUMNS =
            """
            id, number, name, reason, tenant_id, selection, state, mails_per_minute, created_at, completed_at,
            request_hash
            """;
    private static final String PROGRESS =
            """
            select c.*, m.*
              from (select count(*) as connections,
                           count(*) filter (where n.generation > t.generation) as renewed,
                           count(*) filter (where n.generation <= t.generation and n.state = 'DISCONNECTED') as gone
                      from campaign_connection t join connection n on n.id = t.connection_id
                     where t.campaign_id = $1) c,
                   (select count(*) filter (where status <> 'NO_CONTACT') as mails,
                           count(*) filter (where status = 'NO_CONTACT') as without_contact,
                           count(*) filter (where status = 'WAITING') as waiting,
                           count(*) filter (where status = 'ASKED') as asked,
                           count(*) filter (where status = 'SENT') as sent,
                           count(*) filter (where status in ('FAILED', 'AMBIGUOUS')) as failed,
                           count(*) filter (where status = 'SUPPRESSED') as suppressed,
                           count(*) filter (where exists (
                               select from authorization_request r where r.link_id = l.link_id)) as opened
                      from campaign_mail l
                     where l.campaign_id = $1) m
            """;

    private final Pool pool;

    CampaignReader(Pool pool) {
        this.pool = pool;
    }

    /** A campaign with the hash of the request that made it. */
    record Made(CampaignView campaign, @Nullable String requestHash) {}

    /** The campaign that a caller made for a tenant, or for all, under an idempotency key; null if none. */
    Uni<@Nullable Made> made(String actor, @Nullable String tenant, String key) {
        return pool.preparedQuery("select " + COLUMNS + " from campaign"
                        + " where created_by = $1 and tenant_id is not distinct from $2 and idempotency_key = $3")
                .execute(Tuple.of(actor, tenant, key))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return null;
                    }
                    Row row = rows.iterator().next();
                    return new Made(view(row), row.getString("request_hash"));
                });
    }

    /** A campaign of tenants that may be seen, counted; null if there is none. */
    Uni<@Nullable CampaignView> find(UUID id, String @Nullable [] tenants) {
        return pool.preparedQuery("select " + COLUMNS
                        + " from campaign where id = $1 and ($2::text[] is null or tenant_id = any($2))")
                .execute(Tuple.tuple().addValue(id).addValue(tenants))
                .chain(rows -> rows.size() == 0
                        ? Uni.createFrom().nullItem()
                        : progress(id).map(view(rows.iterator().next())::with));
    }

    /** Campaigns of tenants that may be seen, latest first. */
    Uni<List<CampaignView>> list(String @Nullable [] tenants, @Nullable UUID before, int limit) {
        return pool.preparedQuery(
                        "select " + COLUMNS
                                + """
                          from campaign
                         where ($1::text[] is null or tenant_id = any($1)) and ($2::uuid is null or id < $2)
                         order by id desc
                         limit $3
                        """)
                .execute(Tuple.tuple().addValue(tenants).addValue(before).addValue(limit))
                .map(rows -> all(rows, CampaignReader::view));
    }

    /** Connections of a campaign, in the order of their ids. */
    Uni<List<CampaignConnection>> connections(
            UUID campaign, @Nullable Boolean renewed, @Nullable UUID after, int limit) {
        return pool.preparedQuery(
                        """
                        select n.id, n.tenant_id, n.external_id, n.label, n.state, n.generation > t.generation as renewed,
                               m.status
                          from campaign_connection t
                          join connection n on n.id = t.connection_id
                          join campaign_mail m on m.campaign_id = t.campaign_id and m.position = t.position
                         where t.campaign_id = $1
                           and ($2::boolean is null or (n.generation > t.generation) = $2)
                           and ($3::uuid is null or t.connection_id > $3)
                         order by t.connection_id
                         limit $4
                        """)
                .execute(Tuple.tuple()
                        .addValue(campaign)
                        .addValue(renewed)
                        .addValue(after)
                        .addValue(limit))
                .map(rows -> all(rows, CampaignReader::connection));
    }

    private Uni<Progress> progress(UUID id) {
        return pool.preparedQuery(PROGRESS)
                .execute(Tuple.of(id))
                .map(rows -> progress(rows.iterator().next()));
    }

    private static Progress progress(Row row) {
        long connections = row.getLong("connections");
        long renewed = row.getLong("renewed");
        long gone = row.getLong("gone");
        return new Progress(
                connections,
                row.getLong("mails"),
                row.getLong("without_contact"),
                row.getLong("waiting"),
                row.getLong("asked"),
                row.getLong("sent"),
                row.getLong("failed"),
                row.getLong("suppressed"),
                row.getLong("opened"),
                renewed,
                gone,
                connections - renewed - gone);
    }

    private static CampaignConnection connection(Row row) {
        return new CampaignConnection(
                row.getUUID("id"),
                row.getString("tenant_id"),
                row.getString("external_id"),
                row.getString("label"),
                ConnectionStatus.valueOf(row.getString("state")),
                row.getBoolean("renewed"),
                row.getString("status"));
    }

    private static CampaignView view(Row row) {
        OffsetDateTime completed = row.getOffsetDateTime("completed_at");
        return new CampaignView(
                row.getUUID("id"),
                row.getInteger("number"),
                row.getString("name"),
                RenewalReason.valueOf(row.getString("reason")),
                row.getString("tenant_id"),
                row.getString("selection"),
                CampaignState.valueOf(row.getString("state")),
                row.getInteger("mails_per_minute"),
                row.getOffsetDateTime("created_at").toInstant(),
                completed == null ? null : completed.toInstant(),
                null);
    }

    private static <T> List<T> all(RowSet<Row> rows, Function<Row, T> of) {
        List<T> found = new ArrayList<>();
        rows.forEach(row -> found.add(of.apply(row)));
        return found;
    }
}
