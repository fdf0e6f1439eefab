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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/**
 * Tells in the trail who asked for what belongs to a tenant that he may not see.
 *
 * <ul>
 *   <li>Ids in paths and the parameters {@code tenant} and {@code connection} of queries are seen here; who reads ids from a
 *       body says so.
 *   <li>He is answered as for an unknown id, and as fast: whose it is, is looked up later, in batches.
 *   <li>Bounded: one line a day for each caller, tenant, connection and kind of thing, {@value #LINES} a day for each caller,
 *       {@value #WAITING} requests a batch, and none after {@value #IDS} ids. What a process noted in its last second is
 *       lost with it, and a batch that the database does not take is not offered again: one that it never takes would be
 *       the last.
 * </ul>
 */
@ApplicationScoped
public class ForeignIds {
    static final int LINES = 100;
    private static final int WAITING = 1_000;
    private static final int IDS = 20_000;
    private static final Pattern NAME = Pattern.compile("[!-~]{1,200}");
    private static final Logger LOG = Logger.getLogger(ForeignIds.class);
    private static final String CONNECTION = "CONNECTION";
    private static final String TENANT = "TENANT";

    /** What belongs to tenants, by where it is asked for. */
    private static final Map<String, String> KINDS = Map.of(
            "connections", CONNECTION,
            "campaigns", "CAMPAIGN",
            "imports", "IMPORT",
            "consent-reviews", "CONSENT_REVIEW",
            "unclaimed-connections", "UNCLAIMED_CONNECTION",
            "tenants", TENANT);

    /** Two batches at once would not see each other's lines. */
    private static final String ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('foreign ids', 0))";

    private static final String WRITE =
            """
            with found as (
                select a.actor, a.origin, a.kind, o.tenant_id, o.connection_id
                  from jsonb_to_recordset($1::jsonb)
                       as a(actor text, origin text, kind text, ids uuid[], names text[], visible text[])
                 cross join lateral (
                       select tenant_id, id as connection_id from connection where a.kind = 'CONNECTION' and id = any(a.ids)
                        union all
                       select tenant_id, null from campaign where a.kind = 'CAMPAIGN' and id = any(a.ids)
                        union all
                       select case when cardinality(tenants) = 1 then tenants[1] end, null
                         from import_run where a.kind = 'IMPORT' and id = any(a.ids)
                        union all
                       select tenant_id, connection_id
                         from authorization_request where a.kind = 'CONSENT_REVIEW' and id = any(a.ids)
                        union all
                       select null, null from unclaimed_consent where a.kind = 'UNCLAIMED_CONNECTION' and id = any(a.ids)
                        union all
                       select id, null from tenant where a.kind = 'TENANT' and id = any(a.names)) o
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
    private final AtomicInteger ids = new AtomicInteger();

    ForeignIds(Pool pool, DomainClock clock, Caller caller, Origin origin, MeterRegistry meters) {
        this.pool = pool;
        this.clock = clock;
        this.caller = caller;
        this.origin = origin;
        this.refused = meters.counter("perennial.foreign.ids");
    }

    /**
     * Who asks.
     *
     * @param visible the tenants that he may see; null for all
     */
    public record Asker(String id, @Nullable String origin, @Nullable List<String> visible) {}

    private record Question(Asker asker, String kind, List<String> ids) {
        JsonObject json() {
            return new JsonObject()
                    .put("actor", asker.id())
                    .put("origin", asker.origin())
                    .put("kind", kind)
                    .put(kind.equals(TENANT) ? "names" : "ids", new JsonArray(ids))
                    .put("visible", new JsonArray(asker.visible()));
        }
    }

    /** Who caused the request at hand, for work that goes on outside of it. */
    public Asker asker() {
        String[] visible = caller.tenants();
        return new Asker(caller.id(), origin.address(), visible == null ? null : List.of(visible));
    }

    /** The body of the request at hand names connections; those that the caller may see may be among them. */
    public void connections(@Nullable Collection<UUID> named) {
        if (named != null) {
            note(asker(), CONNECTION, named.stream().map(String::valueOf).toList());
        }
    }

    /** The body of the request at hand names a tenant, maybe one that the caller may see. */
    public void tenant(@Nullable String named) {
        if (named != null) {
            note(asker(), TENANT, List.of(named));
        }
    }

    /** What somebody sent names tenants; those that he may see may be among them. */
    public void tenants(Asker asker, Collection<String> named) {
        note(asker, TENANT, named);
    }

    @ServerResponseFilter
    public void note(ContainerResponseContext response, UriInfo uri) {
        String[] path = uri.getPath().split("/", 4);
        if (path.length < 3 || !path[1].equals("api") || response.getStatus() == 401) {
            return;
        }
        String id = uri.getPathParameters().getFirst("id");
        String kind = path.length == 4 ? KINDS.get(path[2]) : null;
        if (response.getStatus() == 404 && id != null && kind != null) {
            note(asker(), kind, List.of(id));
        }
        List<String> tenants = uri.getQueryParameters().get("tenant");
        if (tenants != null) {
            note(asker(), TENANT, tenants);
        }
        List<String> connections = uri.getQueryParameters().get("connection");
        if (connections != null) {
            note(asker(), CONNECTION, connections);
        }
    }

    private void note(Asker asker, String kind, Collection<String> named) {
        List<String> visible = asker.visible();
        if (visible == null || waiting.size() >= WAITING || ids.get() >= IDS) {
            return;
        }
        List<String> asked = new ArrayList<>();
        for (String id : named) {
            String known = kind.equals(TENANT) ? unseen(id, visible) : uuid(id);
            if (known != null) {
                asked.add(known);
            }
        }
        if (!asked.isEmpty() && waiting.add(new Question(asker, kind, List.copyOf(asked)))) {
            ids.addAndGet(asked.size());
        }
    }

    /** What no tenant can be called is not looked up: the database might refuse the whole batch for it. */
    private static @Nullable String unseen(String id, List<String> visible) {
        return NAME.matcher(id).matches() && !visible.contains(id) ? id : null;
    }

    /** As the database writes it, which reads less than Java does. */
    private static @Nullable String uuid(String id) {
        try {
            return UUID.fromString(id).toString();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> write() {
        List<Question> batch = List.copyOf(waiting);
        for (Question question : batch) {
            waiting.remove(question);
            ids.addAndGet(-question.ids().size());
        }
        return batch.isEmpty()
                ? Uni.createFrom().voidItem()
                : pool.withTransaction(transaction -> write(transaction, batch))
                        .invoke(found -> refused.increment(found))
                        .onFailure()
                        .invoke(failure -> LOG.warnf(
                                "Who asked for foreign ids in %d requests is not in the trail: %s",
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
