package io.perennial.monitor.plan;

import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.TenantState;
import io.perennial.inbox.PoisonEventException;
import io.perennial.monitor.expiry.ExpiryPolicy;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The stages that tenants have chosen. */
@Singleton
public class TenantPlans {
    private static final String CHOSEN = "select tenant_id, days from tenant_plan where tenant_id = any ($1)";

    /**
     * Nobody plans a connection while a plan changes: who has read the former one commits first, so that the replanning
     * behind finds his rows. Plans change a few times a year, and readers wait for one small transaction.
     */
    private static final String NOBODY_PLANS = "lock table tenant_plan in access exclusive mode";

    private static final String CHOOSE =
            """
            insert into tenant_plan (tenant_id, days, sequence, changed_at, replan_after_end, replan_after_id)
            values ($1, $2, $3, $4, '-infinity', '00000000-0000-0000-0000-000000000000')
            on conflict (tenant_id) do update
            set days = excluded.days,
                sequence = excluded.sequence,
                changed_at = excluded.changed_at,
                replan_after_end = case when tenant_plan.days = excluded.days then tenant_plan.replan_after_end
                                        else excluded.replan_after_end end,
                replan_after_id = case when tenant_plan.days = excluded.days then tenant_plan.replan_after_id
                                       else excluded.replan_after_id end
            where excluded.sequence > tenant_plan.sequence
            """;

    /** The plans of some tenants; those who have chosen none have the usual one. */
    public record Chosen(Map<String, ExpiryPolicy> byTenant) {
        public ExpiryPolicy of(String tenant) {
            return byTenant.getOrDefault(tenant, ExpiryPolicy.standard());
        }
    }

    /** The plans of these tenants; they stay as they are until the transaction ends. */
    public Uni<Chosen> chosen(SqlConnection transaction, Collection<String> tenants) {
        String[] ids = tenants.toArray(String[]::new);
        return transaction
                .preparedQuery(CHOSEN)
                .execute(Tuple.tuple().addValue(ids))
                .map(rows -> {
                    Map<String, ExpiryPolicy> byTenant = new HashMap<>();
                    for (Row row : rows) {
                        byTenant.put(row.getString(0), ExpiryPolicy.ofDays(List.of(row.getArrayOfIntegers(1))));
                    }
                    return new Chosen(byTenant);
                });
    }

    /** What tenants have chosen; an older event than the last one that counted has no effect. */
    public Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> events) {
        List<Tuple> choices = events.stream().map(TenantPlans::choice).toList();
        return transaction
                .query(NOBODY_PLANS)
                .execute()
                .chain(() -> Multi.createFrom()
                        .iterable(choices)
                        .onItem()
                        .transformToUniAndConcatenate(
                                choice -> transaction.preparedQuery(CHOOSE).execute(choice))
                        .collect()
                        .last())
                .replaceWithVoid();
    }

    private static Tuple choice(EventEnvelope event) {
        TenantState tenant = (TenantState) event.data();
        return Tuple.tuple()
                .addValue(tenant.about().tenantId())
                .addValue(policy(event, tenant).days().toArray(Integer[]::new))
                .addValue(event.sequence())
                .addValue(tenant.occurredAt().atOffset(ZoneOffset.UTC));
    }

    private static ExpiryPolicy policy(EventEnvelope event, TenantState tenant) {
        try {
            return ExpiryPolicy.chosen(tenant.stages(), tenant.overdueWeeks());
        } catch (IllegalArgumentException impossible) {
            throw new PoisonEventException(event.id(), "IMPOSSIBLE_STAGES");
        }
    }
}
