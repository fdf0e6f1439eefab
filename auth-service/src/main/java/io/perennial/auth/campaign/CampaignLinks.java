package io.perennial.auth.campaign;

import io.perennial.auth.authorization.link.ConsentLinks.Target;
import io.perennial.auth.authorization.link.JointLinks;
import io.perennial.contracts.RenewalReason;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Says what the links of campaigns cover, right before their mails leave. */
@ApplicationScoped
class CampaignLinks implements JointLinks {
    private final Pool pool;

    CampaignLinks(Pool pool) {
        this.pool = pool;
    }

    @Override
    public Uni<Map<Wish, Joint>> find(Collection<Wish> wishes) {
        return pool.preparedQuery(
                        """
                        select w.number, w.connection_id as wished, c.reason, t.connection_id, t.generation
                          from unnest($1::int[], $2::uuid[]) as w(number, connection_id)
                          join campaign c on c.number = w.number
                          join campaign_mail m on m.campaign_id = c.id and m.connection_id = w.connection_id
                          join campaign_connection t on t.campaign_id = c.id and t.position = m.position
                          join connection n on n.id = t.connection_id
                         where n.generation = t.generation and n.state <> 'DISCONNECTED'
                         order by w.number, wished, t.connection_id <> w.connection_id, t.connection_id
                        """)
                .execute(Tuple.of(
                        wishes.stream().map(Wish::campaign).toArray(Integer[]::new),
                        wishes.stream().map(Wish::connectionId).toArray(UUID[]::new)))
                .map(rows -> {
                    Map<Wish, Joint> found = new HashMap<>();
                    for (Row row : rows) {
                        Wish wish = new Wish(row.getInteger("number"), row.getUUID("wished"));
                        Target target = new Target(row.getUUID("connection_id"), row.getInteger("generation"));
                        RenewalReason reason = RenewalReason.valueOf(row.getString("reason"));
                        found.merge(wish, new Joint(wish.campaign(), reason, List.of(target)), CampaignLinks::and);
                    }
                    return found;
                });
    }

    private static Joint and(Joint one, Joint other) {
        List<Target> targets = new ArrayList<>(one.targets());
        targets.addAll(other.targets());
        return new Joint(one.campaign(), one.reason(), targets);
    }

    @Override
    public Uni<Void> issued(Wish wish, UUID linkId) {
        return pool.preparedQuery(
                        """
                        update campaign_mail m set link_id = $3 from campaign c
                         where c.number = $1 and m.campaign_id = c.id and m.connection_id = $2
                        """)
                .execute(Tuple.of(wish.campaign(), wish.connectionId(), linkId))
                .replaceWithVoid();
    }
}
