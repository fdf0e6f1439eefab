package io.perennial.auth.campaign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.persistence.Constraints;
import io.perennial.auth.persistence.Transactions;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.perennial.service.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Campaigns: made with their selection in one transaction, stopped and resumed. */
@ApplicationScoped
class Campaigns {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private static final String SELECT =
            """
            with chosen as (
                select c.id, c.tenant_id, c.generation, first_contact.email
                  from connection c
                  left join lateral (
                       select lower(k ->> 'email') as email from json_array_elements(c.contacts::json) k
                        order by (k ->> 'order')::int, k ->> 'id' limit 1) first_contact on true
                 where c.state <> 'DISCONNECTED'
                   and ($2::text[] is null or c.tenant_id = any($2))
                   and ($3::text is null or c.tenant_id = $3)
                   and ($4::text is null or c.provider = $4)
                   and ($5::text is null or c.region = $5)
                   and ($6::text is null or c.app_id in (select id from app where id::text = $6 or name = $6))
                   and ($7::text[] is null or c.state = any($7))
                   and ($8::timestamptz is null or c.ends_at < $8)
                   and ($9::boolean is null or (c.state in ('PENDING', 'EXPIRED', 'REVOKED')) = $9)
                   and ($10::boolean is null or (c.ends_at_source is not distinct from 'ESTIMATE') = $10)
                   and ($11::uuid[] is null or c.id = any($11))
                 limit $12
            ), portioned as (
                select *, (row_number() over (partition by tenant_id, email order by id) - 1) / $13 as portion
                  from chosen
            ), placed as (
                select *, dense_rank() over (
                           order by tenant_id, email, portion, case when email is null then id end) as position
                  from portioned
            ), mails as (
                insert into campaign_mail (campaign_id, position, tenant_id, status)
                select $1, position, min(tenant_id), case when bool_or(email is null) then 'NO_CONTACT' else 'WAITING' end
                  from placed
                 group by position
            )
            insert into campaign_connection (campaign_id, connection_id, position, generation)
            select $1, id, position, generation from placed
            """;

    private final CampaignReader reader;
    private final Pool pool;
    private final Transactions transactions;
    private final AuditTrail audit;
    private final CampaignConfig config;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    Campaigns(
            CampaignReader reader,
            Pool pool,
            Transactions transactions,
            AuditTrail audit,
            CampaignConfig config,
            DomainClock clock,
            TimeOrderedIds ids) {
        this.reader = reader;
        this.pool = pool;
        this.transactions = transactions;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /** Who calls, and for which tenants he may act; null for all. */
    record Actor(String id, String @Nullable [] tenants) {}

    Uni<CampaignView> get(UUID id, Actor actor) {
        return reader.find(id, actor.tenants()).onItem().ifNull().failWith(ProblemException::notFound);
    }

    Uni<List<CampaignView>> list(Actor actor, @Nullable UUID before, int limit) {
        return reader.list(actor.tenants(), before, limit);
    }

    Uni<List<CampaignConnection>> connections(
            UUID id, Actor actor, @Nullable Boolean renewed, @Nullable UUID after, int limit) {
        return get(id, actor).chain(() -> reader.connections(id, renewed, after, limit));
    }

    /** Makes a campaign of what is selected now. */
    Uni<CampaignView> make(NewCampaign wanted, Actor actor, @Nullable IdempotencyKey key) {
        UUID id = ids.next();
        return replay(actor, wanted.tenant(), key)
                .chain(known -> known != null
                        ? Uni.createFrom().item(known)
                        : transactions
                                .detached(() -> pool.withTransaction(
                                        transaction -> insert(transaction, id, wanted, actor, key)))
                                .chain(() -> get(id, actor)))
                .onFailure(failure -> Constraints.violates(failure, "campaign_idempotency"))
                .recoverWithUni(() -> replay(actor, wanted.tenant(), key));
    }

    private Uni<@Nullable CampaignView> replay(Actor actor, @Nullable String tenant, @Nullable IdempotencyKey key) {
        if (key == null) {
            return Uni.createFrom().nullItem();
        }
        return reader.made(actor.id(), tenant, key.key()).chain(made -> {
            if (made == null) {
                return Uni.createFrom().nullItem();
            }
            key.requireSameRequest(String.valueOf(made.requestHash()));
            return get(made.campaign().id(), actor);
        });
    }

    private Uni<Void> insert(
            SqlConnection transaction, UUID id, NewCampaign wanted, Actor actor, @Nullable IdempotencyKey key) {
        Instant now = clock.instant();
        Tuple campaign = Tuple.tuple()
                .addValue(id)
                .addValue(wanted.name())
                .addValue(Objects.requireNonNull(wanted.reason()).name())
                .addValue(wanted.tenant())
                .addValue(json(wanted.selection()))
                .addValue((Boolean.FALSE.equals(wanted.start()) ? CampaignState.STOPPED : CampaignState.RUNNING).name())
                .addValue(wanted.mailsPerMinute() == null ? config.mailsPerMinute() : wanted.mailsPerMinute())
                .addValue(utc(now))
                .addValue(actor.id())
                .addValue(key == null ? null : key.key())
                .addValue(key == null ? null : key.requestHash());
        return transaction
                .preparedQuery(
                        """
                        insert into campaign (id, name, reason, tenant_id, selection, state, mails_per_minute, next_at,
                                              created_at, created_by, idempotency_key, request_hash)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11)
                        """)
                .execute(campaign)
                .chain(() -> transaction.preparedQuery(SELECT).execute(selection(id, wanted, actor)))
                .invoke(rows -> requireSome(rows.rowCount()))
                .chain(() -> log(transaction, AuditKind.CAMPAIGN_CREATED, wanted.tenant(), actor, id));
    }

    private Tuple selection(UUID id, NewCampaign wanted, Actor actor) {
        return Tuple.tuple()
                .addValue(id)
                .addValue(actor.tenants())
                .addValue(wanted.tenant())
                .addValue(wanted.provider() == null ? null : wanted.provider().name())
                .addValue(wanted.region() == null ? null : wanted.region().name())
                .addValue(wanted.app())
                .addValue(
                        wanted.state() == null
                                ? null
                                : wanted.state().stream().map(Enum::name).toArray(String[]::new))
                .addValue(wanted.endsBefore() == null ? null : utc(wanted.endsBefore()))
                .addValue(wanted.needsConsent())
                .addValue(wanted.endsUnknown())
                .addValue(
                        wanted.connections() == null
                                ? null
                                : wanted.connections().toArray(UUID[]::new))
                .addValue(config.mostConnections() + 1)
                .addValue(config.connectionsPerLink());
    }

    private void requireSome(int selected) {
        if (selected == 0) {
            throw new ProblemException(StandardProblem.CONFLICT, "The selection finds no connection.");
        }
        if (selected > config.mostConnections()) {
            throw new ProblemException(
                    StandardProblem.TOO_LARGE,
                    "The selection finds more than " + config.mostConnections() + " connections; narrow it.");
        }
    }

    /** No further mail is asked for; what was asked for may still leave. */
    Uni<CampaignView> stop(UUID id, Actor actor) {
        return change(id, actor, CampaignState.RUNNING, CampaignState.STOPPED, AuditKind.CAMPAIGN_STOPPED);
    }

    Uni<CampaignView> resume(UUID id, Actor actor) {
        return change(id, actor, CampaignState.STOPPED, CampaignState.RUNNING, AuditKind.CAMPAIGN_RESUMED);
    }

    private Uni<CampaignView> change(UUID id, Actor actor, CampaignState from, CampaignState to, AuditKind kind) {
        return get(id, actor)
                .chain(campaign -> transactions.detached(() -> pool.withTransaction(transaction -> transaction
                        .preparedQuery(
                                "update campaign set state = $3, next_at = greatest(next_at, $4) where id = $1 and state = $2")
                        .execute(Tuple.of(id, from.name(), to.name(), utc(clock.instant())))
                        .chain(rows -> rows.rowCount() == 0
                                ? Uni.createFrom().voidItem()
                                : log(transaction, kind, campaign.tenant(), actor, id)))))
                .chain(() -> get(id, actor));
    }

    private Uni<Void> log(
            SqlConnection transaction, AuditKind kind, @Nullable String tenant, Actor actor, UUID campaign) {
        return audit.addAll(
                transaction,
                List.of(AuditLine.general(kind, tenant, actor.id(), campaign.toString(), clock.instant())));
    }

    private static String json(NewCampaign.Selection selection) {
        try {
            return JSON.writeValueAsString(selection);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A selection can always be written", e);
        }
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
