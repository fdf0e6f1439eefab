package io.perennial.auth.application;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.persistence.Constraints;
import io.perennial.auth.persistence.Transactions;
import io.perennial.clock.DomainClock;
import io.perennial.clock.TimeOrderedIds;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.problem.ProblemException;
import io.perennial.problem.StandardProblem;
import io.perennial.secret.ClientSecret;
import io.perennial.service.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The applications. A secret goes in and comes out only as {@link ClientSecret}, for the token client. */
@ApplicationScoped
public class Apps {
    private static final String COLUMNS =
            """
            id, name, provider, client_id, application_id, draft, is_private, is_default, redirect_uri,
            authorization_endpoint, token_endpoint, scope, authorization_na, authorization_eu, authorization_fe,
            token_na, token_eu, token_fe, api_na, api_eu, api_fe, suspended_at, consent_sites, request_hash
            """;

    private final Pool pool;
    private final Transactions transactions;
    private final AppSecrets secrets;
    private final AuditTrail audit;
    private final DomainClock clock;
    private final TimeOrderedIds ids;

    Apps(
            Pool pool,
            Transactions transactions,
            AppSecrets secrets,
            AuditTrail audit,
            DomainClock clock,
            TimeOrderedIds ids) {
        this.pool = pool;
        this.transactions = transactions;
        this.secrets = secrets;
        this.audit = audit;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * An application and its secrets, for the one request that needs them.
     *
     * @param secrets one, or two while a rotation overlaps; newest first
     */
    public record Credentials(AppView app, List<ClientSecret> secrets) {}

    /** An application that must exist. */
    public Uni<AppView> get(UUID id) {
        return byId(id).map(rows -> view(first(rows, id)));
    }

    /** The credentials of an application that must exist. */
    public Uni<Credentials> credentials(UUID id) {
        return pool.preparedQuery(
                        "select " + AppSecrets.COLUMNS + ", " + COLUMNS
                                + """
                          from app
                          join lateral (select version, tenant_key_id, data_key, sealed, expires_at from app_secret
                                         where app_id = app.id order by version desc limit 2) s on true
                         where id = $1
                         order by s.version desc
                         """)
                .execute(Tuple.of(id))
                .chain(rows -> {
                    AppView app = view(first(rows, id));
                    return secrets.usable(id, rows).map(usable -> new Credentials(app, usable));
                });
    }

    /** The application a new connection goes through: the one it names, by id or name, or the provider's default. */
    public Uni<AppView> choose(@Nullable String named, Provider provider) {
        return pool.preparedQuery(
                        "select " + COLUMNS
                                + """
                          from app
                         where provider = $1
                           and (case when $2::text is null then is_default else id::text = $2 or name = $2 end)
                         """)
                .execute(Tuple.of(provider.name(), named))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw ProblemException.invalidField(
                                "app",
                                named == null
                                        ? "is required: there is no default application for " + provider
                                        : "must name an application for " + provider);
                    }
                    return view(rows.iterator().next());
                });
    }

    /** The applications that go by this id at the provider. */
    public Uni<List<AppView>> ofApplicationId(String applicationId) {
        return pool.preparedQuery("select " + COLUMNS + " from app where application_id = $1 order by created_at")
                .execute(Tuple.of(applicationId))
                .map(Apps::views);
    }

    /** Every application for one of these providers. */
    public Uni<List<AppView>> ofProviders(List<Provider> providers) {
        return pool.preparedQuery("select " + COLUMNS + " from app where provider = any($1) order by created_at")
                .execute(Tuple.tuple()
                        .addValue(providers.stream().map(Provider::name).toArray(String[]::new)))
                .map(Apps::views);
    }

    /** Whether use of one of these applications is suspended. */
    public Uni<Boolean> anySuspended(List<UUID> apps) {
        return pool.preparedQuery(
                        "select exists (select from app where id = any($1) and suspended_at is not null) as suspended")
                .execute(Tuple.tuple().addValue(apps.toArray(UUID[]::new)))
                .map(rows -> rows.iterator().next().getBoolean("suspended"));
    }

    /** Those of these applications that are private. */
    public Uni<Set<UUID>> privateOnes(List<UUID> apps) {
        return pool.preparedQuery("select id from app where id = any($1) and is_private")
                .execute(Tuple.tuple().addValue(apps.stream().distinct().toArray(UUID[]::new)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getUUID("id"))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    Uni<List<AppView>> list() {
        return pool.query("select " + COLUMNS + " from app order by name")
                .execute()
                .map(Apps::views);
    }

    private static List<AppView> views(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).map(Apps::view).toList();
    }

    Uni<AppView> find(UUID id) {
        return byId(id).map(rows -> {
            if (rows.size() == 0) {
                throw ProblemException.notFound();
            }
            return view(rows.iterator().next());
        });
    }

    Uni<AppView> create(AppRequest request, URI publicUrl, String actor, @Nullable IdempotencyKey key) {
        return replay(actor, key)
                .chain(known -> known != null ? Uni.createFrom().item(known) : insert(request, publicUrl, actor, key));
    }

    private Uni<AppView> insert(AppRequest request, URI publicUrl, String actor, @Nullable IdempotencyKey key) {
        App app = request.toApp(publicUrl);
        app.id = ids.next();
        app.createdAt = clock.instant();
        app.updatedAt = app.createdAt;
        app.createdBy = actor;
        if (key != null) {
            app.idempotencyKey = key.key();
            app.requestHash = key.requestHash();
        }
        return transactions
                .in(session -> withdrawDefault(session, app)
                        .chain(() -> session.persist(app))
                        .chain(() -> session.flush())
                        .chain(() -> secrets.store(session, app.id, secret(request), actor, null))
                        .chain(() -> log(session, AuditKind.APP_CREATED, app, actor)))
                .chain(() -> get(app.id))
                .onFailure(failure -> Constraints.violates(failure, "app_idempotency"))
                .recoverWithUni(() -> replay(actor, key))
                .onFailure(failure -> Constraints.violates(failure, "app_name_key"))
                .transform(failure ->
                        new ProblemException(StandardProblem.CONFLICT, "Another application has this name."));
    }

    Uni<AppView> change(UUID id, AppRequest request, String actor) {
        return transactions
                .in(session -> session.find(App.class, id, LockModeType.PESSIMISTIC_WRITE)
                        .onItem()
                        .ifNull()
                        .failWith(ProblemException::notFound)
                        .chain(app -> apply(session, app, request, actor)))
                .chain(() -> get(id))
                .onFailure(failure -> Constraints.violates(failure, "app_name_key"))
                .transform(failure ->
                        new ProblemException(StandardProblem.CONFLICT, "Another application has this name."));
    }

    private Uni<Void> apply(Mutiny.Session session, App app, AppRequest request, String actor) {
        boolean wasDefault = app.isDefault;
        Uni<Void> first = Boolean.TRUE.equals(request.isDefault()) && !wasDefault
                ? withdrawDefault(session, app.provider)
                : Uni.createFrom().voidItem();
        return first.invoke(() -> {
                    request.applyTo(app);
                    app.updatedAt = clock.instant();
                })
                .chain(() -> session.flush())
                .chain(() -> request.clientSecret() == null
                        ? Uni.createFrom().voidItem()
                        : secrets.store(session, app.id, secret(request), actor, null)
                                .replaceWithVoid())
                .chain(() -> audit.add(
                        session,
                        AuditLine.general(
                                AuditKind.APP_UPDATED,
                                null,
                                actor,
                                (app.id + " " + String.join(" ", request.named())).strip(),
                                app.updatedAt)));
    }

    private Uni<Void> log(Mutiny.Session session, AuditKind kind, App app, String actor) {
        return audit.add(session, AuditLine.general(kind, null, actor, app.id.toString(), app.updatedAt));
    }

    private static Uni<Void> withdrawDefault(Mutiny.Session session, App app) {
        return app.isDefault
                ? withdrawDefault(session, app.provider)
                : Uni.createFrom().voidItem();
    }

    private static Uni<Void> withdrawDefault(Mutiny.Session session, Provider provider) {
        return session.createSelectionQuery("from App where provider = :provider and isDefault", App.class)
                .setParameter("provider", provider)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList()
                .invoke(apps -> apps.forEach(app -> app.isDefault = false))
                .chain(() -> session.flush());
    }

    private static SecretRequest secret(AppRequest request) {
        return new SecretRequest(request.clientSecret(), request.clientSecretExpiresAt(), null);
    }

    private Uni<@Nullable AppView> replay(String actor, @Nullable IdempotencyKey key) {
        if (key == null) {
            return Uni.createFrom().nullItem();
        }
        return pool.preparedQuery("select " + COLUMNS + " from app where created_by = $1 and idempotency_key = $2")
                .execute(Tuple.of(actor, key.key()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return null;
                    }
                    Row row = rows.iterator().next();
                    key.requireSameRequest(row.getString("request_hash"));
                    return view(row);
                });
    }

    private Uni<RowSet<Row>> byId(UUID id) {
        return pool.preparedQuery("select " + COLUMNS + " from app where id = $1")
                .execute(Tuple.of(id));
    }

    private static Row first(RowSet<Row> rows, UUID id) {
        if (rows.size() == 0) {
            throw new IllegalStateException("No application " + id);
        }
        return rows.iterator().next();
    }

    private static AppView view(Row row) {
        OffsetDateTime suspended = row.getOffsetDateTime("suspended_at");
        return new AppView(
                row.getUUID("id"),
                row.getString("name"),
                Provider.valueOf(row.getString("provider")),
                row.getString("client_id"),
                row.getString("application_id"),
                row.getBoolean("draft"),
                row.getBoolean("is_private"),
                row.getBoolean("is_default"),
                row.getString("redirect_uri"),
                row.getString("scope"),
                new AppView.Endpoints(
                        row.getString("authorization_endpoint"),
                        row.getString("token_endpoint"),
                        regional(row, "authorization_"),
                        regional(row, "token_"),
                        regional(row, "api_"),
                        consentSites(row.getArrayOfStrings("consent_sites"))),
                suspended == null ? null : suspended.toInstant());
    }

    private static @Nullable Map<String, String> consentSites(String[] sites) {
        return sites.length == 0
                ? null
                : Arrays.stream(sites)
                        .map(site -> site.split(" ", 2))
                        .collect(Collectors.toUnmodifiableMap(site -> site[0], site -> site[1]));
    }

    private static @Nullable Map<Region, String> regional(Row row, String column) {
        Map<Region, String> found = new EnumMap<>(Region.class);
        for (Region region : Region.values()) {
            String address = row.getString(column + region.name().toLowerCase(Locale.ROOT));
            if (address != null) {
                found.put(region, address);
            }
        }
        return found.isEmpty() ? null : found;
    }
}
