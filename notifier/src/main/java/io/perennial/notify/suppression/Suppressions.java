package io.perennial.notify.suppression;

import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.problem.ProblemException;
import io.perennial.service.PageCursor;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The list of mailboxes that are not written to. */
@Singleton
public class Suppressions {
    private static final Logger LOG = Logger.getLogger(Suppressions.class);

    private static final String AMONG =
            "select mailbox from suppression where mailbox = any ($1) and lifted_at is null";

    private static final String REMEMBER_KEY =
            """
            insert into mailbox_key (fingerprint) values ($1)
            on conflict (only_one) do update set fingerprint = mailbox_key.fingerprint
            returning fingerprint
            """;

    private static final String ADD =
            """
            insert into suppression (id, tenant_id, mailbox, reason, code, connection_id, contact_id, created_at, created_by)
            select $1, r.tenant_id, coalesce($2, r.mailbox), $4, $5, r.connection_id, r.contact_id, $6, $7
            from reminder r
            where r.id = $3 and coalesce($2, r.mailbox) is not null and ($8::text[] is null or r.tenant_id = any ($8))
            on conflict (mailbox) where lifted_at is null do update set mailbox = excluded.mailbox
            returning id
            """;

    private static final String LIFT =
            """
            update suppression set lifted_at = $3, lifted_by = $4, lifted_because = $5
            where id = $1 and ($2::text[] is null or tenant_id = any ($2)) and lifted_at is null
            """;

    private static final String SELECT =
            "select s.*, c.external_id from suppression s join connection c using (connection_id)\n";

    private static final String ONE = SELECT + "where s.id = $1 and ($2::text[] is null or s.tenant_id = any ($2))";

    private static final String PAGE = SELECT
            + """
            where ($1::text[] is null or s.tenant_id = any ($1))
              and ($2::text is null or s.tenant_id = $2)
              and ($3::uuid is null or s.connection_id = $3)
              and ($4 or s.lifted_at is null)
              and ($5::uuid is null or s.id < $5)
              and ($6::text is null or starts_with(lower(c.external_id), lower($6)))
            order by s.id desc
            limit $7
            """;

    private final Pool pool;
    private final Mailboxes mailboxes;
    private final DomainClock clock;
    private final TimeOrderedIds ids;
    private volatile boolean keyKnown;

    Suppressions(Pool pool, Mailboxes mailboxes, DomainClock clock, TimeOrderedIds ids) {
        this.pool = pool;
        this.mailboxes = mailboxes;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Fails when the key of the hashes is not the one of before: then no suppression would be found, and whoever
     * unsubscribed would be mailed. To be asked before mails leave.
     */
    public Uni<Void> requireKnownKey() {
        if (keyKnown) {
            return Uni.createFrom().voidItem();
        }
        return pool.preparedQuery(REMEMBER_KEY)
                .execute(Tuple.of(mailboxes.fingerprint()))
                .map(rows -> rows.iterator().next().getString(0))
                .invoke(known -> {
                    if (!known.equals(mailboxes.fingerprint())) {
                        throw new IllegalStateException(
                                "perennial.mailboxes.key is not the one that suppressions were written with; no mail leaves");
                    }
                    keyKnown = true;
                })
                .replaceWithVoid();
    }

    /** Those of the mailboxes that must not be written to. */
    public Uni<Set<UUID>> among(Collection<UUID> some) {
        if (some.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        return pool.preparedQuery(AMONG)
                .execute(Tuple.tuple().addValue(some.toArray(UUID[]::new)))
                .map(rows -> stream(rows, row -> row.getUUID("mailbox")).collect(Collectors.toSet()));
    }

    /** The mail server says for good that the mailbox of this mail does not exist; in the caller's transaction. */
    public Uni<Void> bounced(SqlClient transaction, UUID reminderId, String code) {
        return add(transaction, new News(reminderId, null, SuppressionReason.BOUNCED, code, "notifier"), null)
                .replaceWithVoid();
    }

    /**
     * Suppresses the mailbox that a mail went to; once more changes nothing.
     *
     * @param visible the tenants that may be written about; null for all
     * @return the id of its suppression; null if there was no such mail
     */
    Uni<@Nullable UUID> add(News news, String @Nullable [] visible) {
        return add(pool, news, visible);
    }

    private Uni<@Nullable UUID> add(SqlClient client, News news, String @Nullable [] visible) {
        Tuple arguments = Tuple.tuple()
                .addValue(ids.next())
                .addValue(news.mailbox())
                .addValue(news.reminderId())
                .addValue(news.reason().name())
                .addValue(news.code())
                .addValue(now())
                .addValue(news.actor())
                .addValue(visible);
        return client.preparedQuery(ADD)
                .execute(arguments)
                .invoke(rows -> tell(news, rows.size()))
                .map(rows -> stream(rows, row -> row.getUUID("id")).findFirst().orElse(null));
    }

    private static void tell(News news, int found) {
        if (found > 0) {
            LOG.infof("A mailbox is suppressed; reminderId=%s reason=%s", news.reminderId(), news.reason());
        }
    }

    /** Ends a suppression; one that has ended stays as it is. */
    Uni<Void> lift(UUID id, String @Nullable [] visible, String actor, @Nullable String because) {
        Tuple arguments = Tuple.tuple()
                .addValue(id)
                .addValue(visible)
                .addValue(now())
                .addValue(actor)
                .addValue(because);
        return pool.preparedQuery(LIFT)
                .execute(arguments)
                .invoke(lifted -> {
                    if (lifted.rowCount() > 0) {
                        LOG.infof("A suppression is lifted; suppressionId=%s actor=%s", id, actor);
                    }
                })
                .replaceWithVoid();
    }

    /** One that the caller may see; a problem otherwise. */
    Uni<SuppressionView> one(@Nullable UUID id, String @Nullable [] visible) {
        return pool.preparedQuery(ONE)
                .execute(Tuple.tuple().addValue(id).addValue(visible))
                .map(rows -> stream(rows, SuppressionView::of).findFirst().orElseThrow(ProblemException::notFound));
    }

    Uni<Page> page(Query query) {
        Tuple arguments = Tuple.tuple()
                .addValue(query.visibleTenants())
                .addValue(query.tenant())
                .addValue(query.connection())
                .addValue(query.lifted())
                .addValue(query.after())
                .addValue(query.externalId())
                .addValue(query.limit() + 1);
        return pool.preparedQuery(PAGE)
                .execute(arguments)
                .map(rows -> Page.of(stream(rows, SuppressionView::of).toList(), query.limit()));
    }

    private OffsetDateTime now() {
        return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private static <T> Stream<T> stream(RowSet<Row> rows, Function<Row, T> of) {
        return StreamSupport.stream(rows.spliterator(), false).map(of);
    }

    /**
     * What was learnt about the mailbox of a mail.
     *
     * @param mailbox where it is proven; null for the one that the mail went to last
     * @param code what the mail server said, where it did
     */
    record News(
            UUID reminderId, @Nullable UUID mailbox, SuppressionReason reason, @Nullable String code, String actor) {
        static News unsubscribed(UUID reminderId, UUID mailbox) {
            return new News(reminderId, mailbox, SuppressionReason.UNSUBSCRIBED, null, "contact");
        }
    }

    /**
     * What is asked for, newest first.
     *
     * @param visibleTenants the tenants that the caller sees; null for all
     * @param lifted whether those that hold no longer are wanted too
     * @param externalId how the integrator's own id of the connection begins, in any case; null for any
     */
    record Query(
            String @Nullable [] visibleTenants,
            @Nullable String tenant,
            @Nullable UUID connection,
            boolean lifted,
            @Nullable UUID after,
            @Nullable String externalId,
            int limit) {}

    /** Some suppressions, and where the next ones begin. */
    record Page(List<SuppressionView> items, @Nullable String next) {
        static Page of(List<SuppressionView> found, int limit) {
            return found.size() <= limit
                    ? new Page(found, null)
                    : new Page(
                            found.subList(0, limit),
                            PageCursor.encode(found.get(limit - 1).id()));
        }
    }
}
