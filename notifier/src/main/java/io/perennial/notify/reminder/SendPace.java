package io.perennial.notify.reminder;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How fast mails leave, for each domain that they are sent from; kept in rows, so that all replicas share it. */
@Singleton
class SendPace {
    private static final String AVAILABLE = "least($2::float8, p.tokens"
            + " + $3::float8 * greatest(0, extract(epoch from statement_timestamp() - p.refilled_at))::float8)";

    private static final String TAKE =
            """
            insert into sender_pace as p (sender, tokens, granted, refilled_at)
            values ($1, $2::float8 - least($4::int, floor($2::float8)), least($4::int, floor($2::float8)),
                    statement_timestamp())
            on conflict (sender) do update
                set granted = greatest(0, least($4::int, floor(%s))),
                    tokens = %s - greatest(0, least($4::int, floor(%s))),
                    refilled_at = greatest(p.refilled_at, statement_timestamp())
            returning granted
            """
                    .replace("%s", AVAILABLE);

    private final Pool pool;
    private final ReminderConfig config;

    SendPace(Pool pool, ReminderConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /** Which of these may leave now; the first of each sender first. */
    Uni<Granted> take(List<Letter> letters) {
        Map<String, List<Letter>> bySender = new LinkedHashMap<>();
        letters.forEach(letter -> bySender.computeIfAbsent(letter.ready().senderDomain(), domain -> new ArrayList<>())
                .add(letter));
        Granted granted = new Granted(new ArrayList<>(), new ArrayList<>());
        return Multi.createFrom()
                .iterable(bySender.entrySet())
                .onItem()
                .transformToUniAndConcatenate(
                        sender -> take(sender.getKey(), sender.getValue().size())
                                .invoke(count -> granted.add(sender.getValue(), count)))
                .collect()
                .last()
                .replaceWith(granted);
    }

    private Uni<Integer> take(String sender, int wanted) {
        return pool.preparedQuery(TAKE)
                .execute(Tuple.of(sender, (double) config.burst(), config.perSecond(), wanted))
                .map(rows -> rows.iterator().next().getInteger(0));
    }

    record Granted(List<Letter> now, List<Letter> later) {
        private void add(List<Letter> letters, int count) {
            now.addAll(letters.subList(0, count));
            later.addAll(letters.subList(count, letters.size()));
        }
    }
}
