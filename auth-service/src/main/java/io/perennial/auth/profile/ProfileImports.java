package io.perennial.auth.profile;

import io.perennial.clock.DomainClock;
import io.perennial.contracts.Region;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Takes over the profiles that an integrator used before: a few statements however many connections bring them. */
@ApplicationScoped
public class ProfileImports {
    private static final String LINES =
            """
            unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[])
                as line(connection_id, tenant_id, external_id, region, app_id, profile_id)
            """;

    private final DomainClock clock;

    ProfileImports(DomainClock clock) {
        this.clock = clock;
    }

    /** The profiles of a connection that is brought along. */
    public record Choice(
            UUID connectionId, String tenantId, String externalId, Region region, UUID app, List<String> profiles) {}

    private record One(Choice choice, String profile) {}

    /** Those of which another connection of the tenant, or another one of these, has a profile. */
    public Uni<Set<UUID>> held(SqlConnection client, List<Choice> choices) {
        List<One> wanted = profiles(choices);
        if (wanted.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        return client.preparedQuery(
                        "select distinct line.connection_id from " + LINES
                                + """
                          join chosen_profile p on p.tenant_id = line.tenant_id and p.region = line.region
                                               and p.app_id = line.app_id and p.profile_id = line.profile_id
                          join connection c on c.id = p.connection_id
                         where c.state <> 'DISCONNECTED' and c.external_id <> line.external_id
                        """)
                .execute(values(wanted))
                .map(rows -> {
                    Set<UUID> held = heldAmong(choices);
                    rows.forEach(row -> held.add(row.getUUID(0)));
                    return held;
                });
    }

    /** Of those that want the same profile the first one gets it. */
    private static Set<UUID> heldAmong(List<Choice> choices) {
        Set<UUID> late = new HashSet<>();
        Map<List<Object>, String> taken = new HashMap<>();
        for (One one : profiles(choices)) {
            Choice choice = one.choice();
            List<Object> place = List.of(choice.tenantId(), choice.region(), choice.app(), one.profile());
            String first = taken.putIfAbsent(place, choice.externalId());
            if (first != null && !first.equals(choice.externalId())) {
                late.add(choice.connectionId());
            }
        }
        return late;
    }

    /** Stores choices of connections that are new. Fails if somebody else chose one of the profiles meanwhile. */
    public Uni<Void> store(SqlConnection transaction, List<Choice> choices, String actor) {
        List<One> wanted = profiles(choices);
        if (wanted.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return release(transaction, wanted)
                .chain(() -> transaction
                        .preparedQuery(
                                """
                                insert into chosen_profile (connection_id, profile_id, tenant_id, region, app_id,
                                                            chosen_at, chosen_by)
                                select connection_id, profile_id, tenant_id, region, app_id, $7, $8 from
                                """
                                        + LINES
                                        + " order by tenant_id, region, app_id, profile_id")
                        .execute(values(wanted)
                                .addValue(clock.instant().atOffset(ZoneOffset.UTC))
                                .addValue(actor)))
                .replaceWithVoid();
    }

    /** A connection that was given up holds nothing. */
    private static Uni<Void> release(SqlConnection transaction, List<One> wanted) {
        return transaction
                .preparedQuery(
                        "delete from chosen_profile p using connection c, " + LINES
                                + """
                         where p.tenant_id = line.tenant_id and p.region = line.region and p.app_id = line.app_id
                           and p.profile_id = line.profile_id and c.id = p.connection_id and c.state = 'DISCONNECTED'
                        """)
                .execute(values(wanted))
                .replaceWithVoid();
    }

    private static List<One> profiles(List<Choice> choices) {
        List<One> wanted = new ArrayList<>();
        for (Choice choice : choices) {
            choice.profiles().forEach(profile -> wanted.add(new One(choice, profile)));
        }
        return wanted;
    }

    private static Tuple values(List<One> wanted) {
        return Tuple.tuple()
                .addValue(column(wanted, one -> one.choice().connectionId(), UUID[]::new))
                .addValue(column(wanted, one -> one.choice().tenantId(), String[]::new))
                .addValue(column(wanted, one -> one.choice().externalId(), String[]::new))
                .addValue(column(wanted, one -> one.choice().region().name(), String[]::new))
                .addValue(column(wanted, one -> one.choice().app(), UUID[]::new))
                .addValue(column(wanted, One::profile, String[]::new));
    }

    private static <T> T[] column(List<One> wanted, Function<One, T> value, IntFunction<T[]> array) {
        return wanted.stream().map(value).toArray(array);
    }
}
