package io.perennial.notify.reminder;

import io.perennial.clock.MachineClock;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How fast mails leave, for each domain that they are sent from; kept in rows, so that all replicas share it. */
@Singleton
class SendPace {
    private static final String AVAILABLE = "least($2::float8, p.tokens"
            + " + $3::float8 * greatest(0, extract(epoch from statement_timestamp() - p.refilled_at))::float8)";

    // In the order of senders, so that two that take for several at once can not deadlock.
    private static final String TAKE =
            """
            insert into sender_pace as p (sender, tokens, granted, refilled_at)
            select sender, $2::float8 - least(wanted, floor($2::float8)), least(wanted, floor($2::float8)),
                   statement_timestamp()
            from unnest($1::text[], $4::int[]) as w(sender, wanted)
            order by sender
            on conflict (sender) do update
                set granted = greatest(0, least(excluded.granted, floor(%s))),
                    tokens = %s - greatest(0, least(excluded.granted, floor(%s))),
                    refilled_at = greatest(p.refilled_at, statement_timestamp())
            returning sender, granted
            """
                    .replace("%s", AVAILABLE);

    // So long a tenant counts as held back after one of its mails was.
    private static final Duration REMEMBERED = Duration.ofSeconds(5);

    private final Pool pool;
    private final ReminderConfig config;
    private final MachineClock machine;
    private final Map<String, Instant> heldBack = new ConcurrentHashMap<>();

    SendPace(Pool pool, ReminderConfig config, MachineClock machine) {
        this.pool = pool;
        this.config = config;
        this.machine = machine;
    }

    /** The tenants whose senders have little left. */
    Set<String> heldBack() {
        Instant past = machine.instant().minus(REMEMBERED);
        heldBack.values().removeIf(at -> at.isBefore(past));
        return Set.copyOf(heldBack.keySet());
    }

    /** Which of these may leave now; the first of each sender first. */
    Uni<Granted> take(List<Letter> letters) {
        Map<String, Integer> wanted = new LinkedHashMap<>();
        letters.forEach(letter -> wanted.merge(letter.ready().senderDomain(), 1, Integer::sum));
        Tuple arguments = Tuple.of(
                wanted.keySet().toArray(String[]::new),
                (double) config.burst(),
                config.perSecond(),
                wanted.values().toArray(Integer[]::new));
        return pool.preparedQuery(TAKE)
                .execute(arguments)
                .map(rows -> {
                    Map<String, Integer> left = new HashMap<>();
                    rows.forEach(row -> left.put(row.getString("sender"), row.getInteger("granted")));
                    return share(letters, left);
                })
                .invoke(granted -> granted.later().forEach(this::remember));
    }

    private void remember(Letter letter) {
        String tenant = letter.tenant();
        if (tenant != null) {
            heldBack.put(tenant, machine.instant());
        }
    }

    private static Granted share(List<Letter> letters, Map<String, Integer> left) {
        Granted granted = new Granted(new ArrayList<>(), new ArrayList<>());
        for (Letter letter : letters) {
            boolean mayLeave = left.merge(letter.ready().senderDomain(), -1, Integer::sum) >= 0;
            (mayLeave ? granted.now() : granted.later()).add(letter);
        }
        return granted;
    }

    record Granted(List<Letter> now, List<Letter> later) {}
}
