package io.perennial.auth.campaign;

import io.perennial.auth.connection.RenewalRequests;
import io.perennial.auth.connection.RenewalRequests.Asker;
import io.perennial.auth.connection.RenewalRequests.Wanted;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.RenewalReason;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToIntFunction;

/**
 * Asks for the mails of campaigns, a portion at a time. The portion, its events and the instant of the next one are one
 * transaction under the lock of the campaign's row, so that any number of replicas keep one pace and ask for no mail twice.
 */
@ApplicationScoped
class CampaignMails {
    private static final int SECONDS = 60;
    private static final String CLAIM =
            """
            select id, number, reason, mails_per_minute from campaign
             where state = 'RUNNING' and next_at <= $1
             order by next_at
             limit 1
               for update skip locked
            """;
    private static final String ASK =
            """
            with due as (
                select position from campaign_mail
                 where campaign_id = $1 and status = 'WAITING'
                 order by position
                 limit $2
            ), led as (
                select d.position, l.connection_id, l.generation, l.connections
                  from due d
                  left join lateral (
                       select t.connection_id, t.generation, count(*) over () as connections
                         from campaign_connection t join connection c on c.id = t.connection_id
                        where t.campaign_id = $1 and t.position = d.position
                          and c.generation = t.generation and c.state <> 'DISCONNECTED'
                        order by t.connection_id
                        limit 1) l on true
            )
            update campaign_mail m
               set status = case when l.connection_id is null then 'SUPPRESSED' else 'ASKED' end,
                   connection_id = l.connection_id, asked_at = $3
              from led l
             where m.campaign_id = $1 and m.position = l.position
            returning m.position, l.connection_id, l.generation, l.connections
            """;

    private final RenewalRequests requests;
    private final CampaignConfig config;
    private final DomainClock clock;

    CampaignMails(RenewalRequests requests, CampaignConfig config, DomainClock clock) {
        this.requests = requests;
        this.config = config;
        this.clock = clock;
    }

    private record Due(UUID id, Asker asker, int perMinute) {
        /** What a pace of so many a minute makes of one second, at least one mail. */
        int portion() {
            return Math.max(1, perMinute / SECONDS);
        }

        Duration pause() {
            return Duration.ofSeconds(SECONDS).multipliedBy(portion()).dividedBy(perMinute);
        }
    }

    /** Asks for the next portion of one campaign; whether there was one that was due. */
    Uni<Boolean> ask(SqlConnection transaction) {
        Instant now = clock.instant();
        return transaction
                .preparedQuery(CLAIM)
                .execute(Tuple.of(utc(now)))
                .chain(rows -> rows.size() == 0
                        ? Uni.createFrom().item(false)
                        : ask(transaction, due(rows.iterator().next()), now).replaceWith(true));
    }

    private Uni<Void> ask(SqlConnection transaction, Due due, Instant now) {
        return transaction
                .preparedQuery(ASK)
                .execute(Tuple.of(due.id(), due.portion(), utc(now)))
                .chain(rows -> {
                    List<Wanted> wanted = new ArrayList<>();
                    for (Row row : rows) {
                        UUID connection = row.getUUID("connection_id");
                        if (connection != null) {
                            wanted.add(new Wanted(
                                    connection,
                                    row.getInteger("generation"),
                                    row.getLong("connections").intValue()));
                        }
                    }
                    return requests.announce(transaction, due.asker(), wanted)
                            .chain(announced -> waitAgain(transaction, due.id(), wanted, announced))
                            .chain(() -> moveOn(transaction, due, rows.size() > 0, now));
                });
    }

    /** Renewed between the look and the lock: another connection of the contact may lead. */
    private static Uni<Void> waitAgain(
            SqlConnection transaction, UUID campaign, List<Wanted> wanted, Set<UUID> announced) {
        UUID[] left = wanted.stream()
                .map(Wanted::connectionId)
                .filter(id -> !announced.contains(id))
                .toArray(UUID[]::new);
        return left.length == 0
                ? Uni.createFrom().voidItem()
                : transaction
                        .preparedQuery(
                                """
                                update campaign_mail set status = 'WAITING', connection_id = null
                                 where campaign_id = $1 and status = 'ASKED' and connection_id = any($2)
                                """)
                        .execute(Tuple.of(campaign, left))
                        .replaceWithVoid();
    }

    private Uni<Void> moveOn(SqlConnection transaction, Due due, boolean asked, Instant now) {
        Instant next = now.plus(asked ? due.pause() : config.lookAgain());
        return transaction
                .preparedQuery(
                        """
                        update campaign c
                           set next_at = $2,
                               state = case when o.open then c.state else 'COMPLETED' end,
                               completed_at = case when o.open then null else $3::timestamptz end
                          from (select exists (select from campaign_mail
                                                where campaign_id = $1 and status in ('WAITING', 'ASKED')) as open) o
                         where c.id = $1
                        """)
                .execute(Tuple.of(due.id(), utc(next), utc(now)))
                .replaceWithVoid();
    }

    /** What became of mails, by the numbers of their campaigns and the connections they were asked for. */
    Uni<Void> record(SqlConnection transaction, List<MailResult> results) {
        Tuple values = Tuple.of(
                ints(results, MailResult::campaign),
                results.stream().map(MailResult::connectionId).toArray(UUID[]::new),
                results.stream().map(MailResult::status).toArray(String[]::new));
        return transaction
                .preparedQuery(
                        """
                        update campaign_mail m set status = r.status
                          from unnest($1::int[], $2::uuid[], $3::text[]) as r(number, connection_id, status)
                          join campaign c on c.number = r.number
                         where m.campaign_id = c.id and m.connection_id = r.connection_id and m.status = 'ASKED'
                        """)
                .execute(values)
                .replaceWithVoid();
    }

    /**
     * What became of a mail.
     *
     * @param status as it is stored; {@code WAITING}: its connection was renewed meanwhile, another one may lead
     */
    record MailResult(int campaign, UUID connectionId, String status) {}

    private static Integer[] ints(List<MailResult> results, ToIntFunction<MailResult> number) {
        return results.stream().map(number::applyAsInt).toArray(Integer[]::new);
    }

    private static Due due(Row row) {
        UUID id = row.getUUID("id");
        return new Due(
                id,
                new Asker(id, row.getInteger("number"), RenewalReason.valueOf(row.getString("reason"))),
                row.getInteger("mails_per_minute"));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
