package io.perennial.auth.tenant;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.persistence.Transactions;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.TenantRef;
import io.perennial.contracts.TenantState;
import io.perennial.outbox.Outbox;
import io.perennial.outbox.SessionOutbox;
import io.perennial.service.TraceContext;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The tenants. */
@ApplicationScoped
public class Tenants {
    /** Shape of a tenant's id. */
    public static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private static final String COLUMNS =
            """
            id, name, coalesce(integrator, name) as integrator, support_email, support_hours, support_url, colour,
            logo_url, sender_name, sender_address, return_urls, locales, stages, overdue_weeks, time_zone
            """;

    private final Pool pool;
    private final Transactions transactions;
    private final AuditTrail audit;
    private final Outbox events;
    private final SessionOutbox outbox;
    private final DomainClock clock;

    Tenants(
            Pool pool,
            Transactions transactions,
            AuditTrail audit,
            Outbox events,
            SessionOutbox outbox,
            DomainClock clock) {
        this.pool = pool;
        this.transactions = transactions;
        this.audit = audit;
        this.events = events;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Makes sure that a tenant exists; an unknown one gets defaults. */
    public Uni<Void> ensure(String id) {
        return ensure(List.of(id));
    }

    /** Makes sure that tenants exist; unknown ones get defaults. */
    public Uni<Void> ensure(Collection<String> ids) {
        return pool.preparedQuery(
                        """
                        insert into tenant (id, name, created_at, updated_at)
                        select id, id, $2, $2 from unnest($1::text[]) as wanted(id) order by id
                        on conflict (id) do nothing
                        """)
                .execute(Tuple.of(ids.toArray(String[]::new), clock.instant().atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** These tenants by id. */
    public Uni<Map<String, TenantView>> find(Collection<String> ids) {
        return pool.preparedQuery("select " + COLUMNS + " from tenant where id = any($1)")
                .execute(Tuple.of(ids.toArray(String[]::new)))
                .map(rows -> views(rows).stream().collect(Collectors.toMap(TenantView::id, Function.identity())));
    }

    /** A tenant that must exist. */
    public Uni<TenantView> get(String id) {
        return find(List.of(id)).map(found -> Objects.requireNonNull(found.get(id), () -> "No tenant " + id));
    }

    Uni<List<TenantView>> list(String @Nullable [] visible) {
        return pool.preparedQuery(
                        "select " + COLUMNS + " from tenant where $1::text[] is null or id = any($1) order by id")
                .execute(Tuple.tuple().addValue(visible))
                .map(Tenants::views);
    }

    Uni<TenantView> describe(String id, TenantDescription description, String actor) {
        Instant now = clock.instant();
        return ensure(id)
                .chain(() -> transactions.in(session -> session.find(Tenant.class, id, LockModeType.PESSIMISTIC_WRITE)
                        .invoke(tenant -> apply(tenant, description, now))
                        .call(tenant -> outbox.append(session, state(tenant, now)))
                        .chain(tenant ->
                                audit.add(session, AuditLine.general(AuditKind.TENANT_UPDATED, id, actor, null, now)))))
                .chain(() -> get(id));
    }

    /** Numbered under the lock of the tenant's row. */
    private EventEnvelope state(Tenant tenant, Instant now) {
        TenantState state = new TenantState(
                new TenantRef(tenant.id, now),
                tenant.stages == null ? null : List.of(tenant.stages),
                tenant.overdueWeeks);
        return events.envelope(state, tenant.eventSequence, TraceContext.current());
    }

    private static void apply(Tenant tenant, TenantDescription description, Instant now) {
        tenant.name = description.name();
        tenant.integrator = description.integrator();
        tenant.supportEmail = description.supportEmail();
        tenant.supportHours = description.supportHours();
        tenant.supportUrl = description.supportUrl();
        tenant.colour = description.colour();
        tenant.logoUrl = description.logoUrl();
        tenant.senderName = description.senderName();
        tenant.senderAddress = description.senderAddress();
        tenant.returnUrls = array(description.returnUrls());
        tenant.locales = array(description.locales());
        tenant.stages = description.stagesToTheEnd();
        tenant.overdueWeeks = description.overdueWeeks();
        tenant.eventSequence++;
        tenant.timeZone = description.timeZone() == null ? Tenant.UTC : description.timeZone();
        tenant.updatedAt = now;
    }

    private static String[] array(@Nullable List<String> values) {
        return values == null ? new String[0] : values.toArray(String[]::new);
    }

    private static List<TenantView> views(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(Tenants::view)
                .toList();
    }

    private static TenantView view(Row row) {
        Integer[] stages = row.getArrayOfIntegers("stages");
        return new TenantView(
                row.getString("id"),
                row.getString("name"),
                row.getString("integrator"),
                row.getString("support_email"),
                row.getString("support_hours"),
                row.getString("support_url"),
                row.getString("colour"),
                row.getString("logo_url"),
                row.getString("sender_name"),
                row.getString("sender_address"),
                List.of(row.getArrayOfStrings("return_urls")),
                List.of(row.getArrayOfStrings("locales")),
                stages == null ? null : List.of(stages),
                row.getInteger("overdue_weeks"),
                row.getString("time_zone"));
    }
}
