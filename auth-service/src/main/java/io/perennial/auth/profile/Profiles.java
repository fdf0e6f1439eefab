package io.perennial.auth.profile;

import io.perennial.auth.connection.ConnectionProfiles;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.persistence.Constraints;
import io.perennial.auth.profile.ProfileBook.Explanation;
import io.perennial.auth.profile.ProfileView.Access;
import io.perennial.auth.token.amazon.AdvertisingProfile;
import io.perennial.clock.DomainClock;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * What grants open and connections chose.
 *
 * <p>A listing belongs to the grant that was asked, so that a refused consent changes nothing of what is known about the
 * accepted one. A choice belongs to the connection and survives renewals.
 */
@ApplicationScoped
public class Profiles {
    private final Pool pool;
    private final ConnectionProfiles connections;
    private final DomainClock clock;

    Profiles(Pool pool, ConnectionProfiles connections, DomainClock clock) {
        this.pool = pool;
        this.connections = connections;
        this.clock = clock;
    }

    /** Keeps what a grant opens, in place of what it opened when it was asked before. */
    public Uni<Void> remember(UUID grantId, List<AdvertisingProfile> profiles) {
        return pool.withTransaction(transaction -> transaction
                        .preparedQuery("delete from listed_profile where grant_id = $1")
                        .execute(Tuple.of(grantId))
                        .chain(() -> transaction
                                .preparedQuery(
                                        """
                                        insert into listed_profile (grant_id, profile_id, country_code, currency_code,
                                                                    timezone, marketplace_id, account_id, account_name,
                                                                    account_type, seen_at)
                                        select $1, p.*, $10
                                          from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                                                      $7::text[], $8::text[], $9::text[]) as p
                                            on conflict do nothing
                                        """)
                                .execute(Tuple.tuple()
                                        .addValue(grantId)
                                        .addValue(column(profiles, AdvertisingProfile::id))
                                        .addValue(column(profiles, AdvertisingProfile::countryCode))
                                        .addValue(column(profiles, AdvertisingProfile::currencyCode))
                                        .addValue(column(profiles, AdvertisingProfile::timezone))
                                        .addValue(column(profiles, AdvertisingProfile::marketplaceId))
                                        .addValue(column(profiles, AdvertisingProfile::accountId))
                                        .addValue(column(profiles, AdvertisingProfile::accountName))
                                        .addValue(column(profiles, AdvertisingProfile::accountType))
                                        .addValue(clock.instant().atOffset(ZoneOffset.UTC)))))
                .replaceWithVoid();
    }

    private static @Nullable String[] column(
            List<AdvertisingProfile> profiles, Function<AdvertisingProfile, @Nullable String> value) {
        return profiles.stream().map(value).toArray(String[]::new);
    }

    /** The profiles that tell whose connection this is: the chosen ones, or all that its grant opened last. */
    public Uni<Set<String>> known(UUID connectionId) {
        return pool.preparedQuery(
                        """
                        select profile_id from chosen_profile where connection_id = $1
                        union all
                        select l.profile_id from listed_profile l join grant_record g on g.id = l.grant_id
                         where g.connection_id = $1 and g.status = 'CURRENT'
                           and not exists (select from chosen_profile where connection_id = $1)
                        """)
                .execute(Tuple.of(connectionId))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getString(0))
                        .collect(Collectors.toSet()));
    }

    /** Another connection that holds these profiles, if other connections of the tenant hold all of them; else null. */
    public Uni<@Nullable UUID> holderOfAll(ConnectionView connection, Collection<String> profileIds) {
        return held(connection, profileIds)
                .map(held -> held.keySet().containsAll(profileIds)
                        ? held.values().stream().findFirst().orElse(null)
                        : null);
    }

    private Uni<Map<String, UUID>> held(ConnectionView connection, Collection<String> profileIds) {
        return pool.preparedQuery(
                        """
                        select p.profile_id, p.connection_id
                          from chosen_profile p join connection c on c.id = p.connection_id
                         where p.tenant_id = $1 and p.region = $2 and p.app_id = $3 and p.profile_id = any($4)
                           and p.connection_id <> $5 and c.state <> 'DISCONNECTED'
                        """)
                .execute(Tuple.of(
                        connection.tenantId(),
                        connection.region().name(),
                        connection.app(),
                        profileIds.toArray(String[]::new),
                        connection.id()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(row -> row.getString(0), row -> row.getUUID(1))));
    }

    /** Everything there is to say about a connection's profiles. */
    public Uni<ProfileBook> book(ConnectionView connection) {
        return rows(connection.id()).chain(rows -> {
            List<String> ids = StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.getString("profile_id"))
                    .toList();
            return held(connection, ids).map(held -> book(connection, rows, held));
        });
    }

    private Uni<RowSet<Row>> rows(UUID connectionId) {
        return pool.preparedQuery(
                        """
                        with listed as (
                            select l.* from listed_profile l join grant_record g on g.id = l.grant_id
                             where g.connection_id = $1 and g.status = 'CURRENT'
                        ), chosen as (
                            select * from chosen_profile where connection_id = $1
                        )
                        select coalesce(l.profile_id, c.profile_id) as profile_id,
                               coalesce(l.country_code, c.country_code) as country_code,
                               l.currency_code, l.timezone, l.marketplace_id,
                               coalesce(l.account_id, c.account_id) as account_id,
                               coalesce(l.account_name, c.account_name) as account_name,
                               l.account_type, c.profile_id is not null as chosen, l.profile_id is not null as open
                          from listed l full join chosen c on c.profile_id = l.profile_id
                         order by account_name nulls last, country_code nulls last, profile_id
                        """)
                .execute(Tuple.of(connectionId));
    }

    private static ProfileBook book(ConnectionView connection, RowSet<Row> rows, Map<String, UUID> held) {
        List<ProfileView> items = StreamSupport.stream(rows.spliterator(), false)
                .map(row -> view(row, held.get(row.getString("profile_id"))))
                .toList();
        boolean nothingOpen =
                connection.generation() > 0 && items.stream().noneMatch(profile -> profile.access() == Access.OPEN);
        return new ProfileBook(
                connection.id(), connection.generation(), items, nothingOpen ? Explanation.NOTHING_OPEN : null);
    }

    private static ProfileView view(Row row, @Nullable UUID heldBy) {
        return new ProfileView(
                row.getString("profile_id"),
                nullable(row, "country_code"),
                nullable(row, "currency_code"),
                nullable(row, "timezone"),
                nullable(row, "marketplace_id"),
                nullable(row, "account_id"),
                nullable(row, "account_name"),
                nullable(row, "account_type"),
                row.getBoolean("chosen"),
                row.getBoolean("open") ? Access.OPEN : Access.NO_ACCESS,
                heldBy);
    }

    private static @Nullable String nullable(Row row, String column) {
        return row.getString(column);
    }

    /**
     * Makes these the chosen profiles. What is chosen already may stay although the provider does not list it any more;
     * everything else must be open and nobody else's.
     */
    public Uni<ProfileBook> choose(ConnectionView connection, List<String> wanted, String actor) {
        return book(connection)
                .chain(book -> {
                    Map<String, ProfileView> known = book.items().stream()
                            .collect(Collectors.toMap(ProfileView::profileId, Function.identity()));
                    check(wanted, known);
                    return connections
                            .choose(
                                    connection.id(),
                                    connection.generation(),
                                    wanted,
                                    actor,
                                    session -> store(session, connection, wanted, known, actor))
                            .onFailure(failure -> Constraints.violates(failure, "chosen_profile_held"))
                            .transform(failure -> held());
                })
                .chain(() -> book(connection));
    }

    private static void check(List<String> wanted, Map<String, ProfileView> known) {
        for (int i = 0; i < wanted.size(); i++) {
            ProfileView profile = known.get(wanted.get(i));
            if (profile == null) {
                throw ProblemException.invalidField("profiles[" + i + "]", "must be a profile of this connection");
            }
            if (profile.heldBy() != null && !profile.chosen()) {
                throw held();
            }
        }
    }

    private static ProblemException held() {
        return new ProblemException(
                StandardProblem.CONFLICT, "Another connection of the tenant has chosen one of these profiles.");
    }

    private Uni<Void> store(
            Mutiny.Session session,
            ConnectionView connection,
            List<String> wanted,
            Map<String, ProfileView> known,
            String actor) {
        Set<String> added = new HashSet<>(wanted);
        known.values().stream()
                .filter(ProfileView::chosen)
                .map(ProfileView::profileId)
                .forEach(added::remove);
        return withdraw(session, connection, wanted)
                .chain(() -> release(session, connection, added))
                .chain(() -> session.persistAll(added.stream()
                        .map(id -> chosen(connection, known.get(id), id, actor, clock.instant()))
                        .toArray()))
                .chain(() -> session.flush());
    }

    private static Uni<Integer> withdraw(Mutiny.Session session, ConnectionView connection, List<String> kept) {
        return session.createMutationQuery(
                        "delete from ChosenProfile where connectionId = :connection and profileId not in (:kept)")
                .setParameter("connection", connection.id())
                .setParameter("kept", kept)
                .executeUpdate();
    }

    /** A connection that was given up holds nothing. */
    private static Uni<Integer> release(Mutiny.Session session, ConnectionView connection, Set<String> wanted) {
        return wanted.isEmpty()
                ? Uni.createFrom().item(0)
                : session.createMutationQuery(
                                """
                                delete from ChosenProfile p
                                 where p.tenantId = :tenant and p.profileId in (:wanted)
                                   and p.connectionId in (select c.id from Connection c where c.state = DISCONNECTED)
                                """)
                        .setParameter("tenant", connection.tenantId())
                        .setParameter("wanted", wanted)
                        .executeUpdate();
    }

    private static ChosenProfile chosen(
            ConnectionView connection, @Nullable ProfileView profile, String id, String actor, Instant now) {
        ChosenProfile chosen = new ChosenProfile();
        chosen.connectionId = connection.id();
        chosen.profileId = id;
        chosen.tenantId = connection.tenantId();
        chosen.region = connection.region();
        chosen.appId = connection.app();
        chosen.countryCode = profile == null ? null : profile.countryCode();
        chosen.accountId = profile == null ? null : profile.accountId();
        chosen.accountName = profile == null ? null : profile.accountName();
        chosen.chosenAt = now;
        chosen.chosenBy = actor;
        return chosen;
    }

    /** Forgets what grants opened that are no longer of use. */
    public Uni<Integer> purge(int limit) {
        return pool.preparedQuery(
                        """
                        delete from listed_profile
                         where grant_id in (select distinct l.grant_id
                                              from listed_profile l join grant_record g on g.id = l.grant_id
                                             where g.status in ('SUPERSEDED', 'DESTROYED')
                                             limit $1)
                        """)
                .execute(Tuple.of(limit))
                .map(rows -> rows.rowCount());
    }
}
