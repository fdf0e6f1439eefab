package io.perennial.auth.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.persistence.Origin;
import io.perennial.clock.DomainClock;
import io.perennial.service.Caller;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.UriInfo;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/**
 * Tells in the trail who asked for what belongs to a tenant that he may not see.
 *
 * <ul>
 *   <li>He is answered as for an unknown id, and as fast: whose it is, is looked up later, in batches.
 *   <li>Bounded: one line a day for each caller, tenant, connection and kind of thing, {@value #LINES} a day for each caller,
 *       {@value #WAITING} questions a batch. What a process noted in its last second is lost with it, and a batch
 *       that the database does not take is not offered again: one that it never takes would be the last.
 * </ul>
 */
@ApplicationScoped
class ForeignIds {
    static final int LINES = 100;
    private static final int WAITING = 1_000;
    private static final int LONGEST = 200;
    private static final Logger LOG = Logger.getLogger(ForeignIds.class);

    /** What belongs to tenants, by where it is asked for. */
    private static final Map<String, String> KINDS = Map.of(
            "connections", "CONNECTION",
            "campaigns", "CAMPAIGN",
            "imports", "IMPORT",
            "consent-reviews", "CONSENT_REVIEW",
            "unclaimed-connections", "UNCLAIMED_CONNECTION",
            "tenants", "TENANT");

    /** Two batches at once would not see each other's lines. */
    private static final String ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('foreign ids', 0))";

    private static final String WRITE =
            """
            with found as (
                select a.actor, a.origin, a.kind, o.tenant_id, o.connection_id
                  from jsonb_to_recordset($1::jsonb)
                       as a(actor text, origin text, kind text, id uuid, name text, visible text[])
                 cross join lateral (
                       select tenant_id, id as connection_id from connection where a.kind = 'CONNECTION' and id = a.id
                        union all
                       select tenant_id, null from campaign where a.kind = 'CAMPAIGN' and id = a.id
                        union all
                       select case when cardinality(tenants) = 1 then tenants[1] end, null
                         from import_run where a.kind = 'IMPORT' and id = a.id
                        union all
                       select tenant_id, connection_id
                         from authorization_request where a.kind = 'CONSENT_REVIEW' and id = a.id
                        union all
                       select null, null from unclaimed_consent where a.kind = 'UNCLAIMED_CONNECTION' and id = a.id
                        union all
                       select id, null from tenant where a.kind = 'TENANT' and id = a.name) o
                 where o.tenant_id is null or o.tenant_id <> all (a.visible)
            ), once as (
                select distinct on (actor, kind, tenant_id, connection_id)
                       actor, origin, kind, tenant_id, connection_id
                  from found
            ), numbered as (
                select o.*, row_number() over (partition by o.actor) as number
                  from once o
                 where not exists (select from audit_entry e
                                    where e.kind = 'FOREIGN_ID_REFUSED' and e.occurred_at > $2::timestamptz - interval '1 day'
                                      and e.actor = o.actor and e.reason = o.kind
                                      and e.tenant_id is not distinct from o.tenant_id
                                      and e.connection_id is not distinct from o.connection_id)
            ), written as (
                insert into audit_entry (kind, tenant_id, connection_id, actor, origin, reason, occurred_at)
                select 'FOREIGN_ID_REFUSED', n.tenant_id, n.connection_id, n.actor, n.origin, n.kind, $2::timestamptz
                  from numbered n
                 where n.number + (select count(*) from audit_entry e
                                    where e.kind = 'FOREIGN_ID_REFUSED' and e.occurred_at > $2::timestamptz - interval '1 day'
                                      and e.actor = n.actor) <= $3::int
            )
            select count(*) from found
            """;

    private final Pool pool;
    private final DomainClock clock;
    private final Caller caller;
    private final Origin origin;
    private final Counter refused;
    private final Set<Question> waiting = ConcurrentHashMap.newKeySet();

    ForeignIds(Pool pool, DomainClock clock, Caller caller, Origin origin, MeterRegistry meters) {
        this.pool = pool;
        this.clock = clock;
        this.caller = caller;
        this.origin = origin;
        this.refused = meters.counter("perennial.foreign.ids");
    }

    private record Question(String actor, @Nullable String origin, String kind, String id, List<String> visible) {
        JsonObject json() {
            return new JsonObject()
                    .put("actor", actor)
                    .put("origin", origin)
                    .put("kind", kind)
                    .put(kind.equals("TENANT") ? "name" : "id", id)
                    .put("visible", new JsonArray(visible));
        }
    }

    @ServerResponseFilter
    public void note(ContainerResponseContext response, UriInfo uri) {
        String id = uri.getPathParameters().getFirst("id");
        if (response.getStatus() != 404 || id == null || waiting.size() >= WAITING) {
            return;
        }
        String[] path = uri.getPath().split("/", 4);
        String kind = path.length == 4 && path[1].equals("api") ? KINDS.get(path[2]) : null;
        String[] visible = caller.tenants();
        if (kind != null && visible != null && wellFormed(kind, id)) {
            waiting.add(new Question(caller.id(), origin.address(), kind, id, List.of(visible)));
        }
    }

    private static boolean wellFormed(String kind, String id) {
        if (kind.equals("TENANT")) {
            return id.length() <= LONGEST && id.indexOf('\0') < 0;
        }
        try {
            UUID.fromString(id);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> write() {
        List<Question> batch = List.copyOf(waiting);
        batch.forEach(waiting::remove);
        return batch.isEmpty()
                ? Uni.createFrom().voidItem()
                : pool.withTransaction(transaction -> write(transaction, batch))
                        .invoke(found -> refused.increment(found))
                        .onFailure()
                        .invoke(failure -> LOG.warnf(
                                "Who asked for %d foreign ids is not in the trail: %s",
                                batch.size(), failure.toString()))
                        .onFailure()
                        .recoverWithNull()
                        .replaceWithVoid();
    }

    private Uni<Long> write(SqlConnection transaction, List<Question> batch) {
        JsonArray questions = new JsonArray(batch.stream().map(Question::json).toList());
        return transaction
                .query(ONE_AT_A_TIME)
                .execute()
                .chain(() -> transaction
                        .preparedQuery(WRITE)
                        .execute(Tuple.of(questions, clock.instant().atOffset(ZoneOffset.UTC), LINES)))
                .map(rows -> rows.iterator().next().getLong(0));
    }
}
