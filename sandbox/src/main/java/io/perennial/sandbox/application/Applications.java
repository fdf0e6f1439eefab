package io.perennial.sandbox.application;

import io.perennial.sandbox.application.Application.Kind;
import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.database.Row;
import io.perennial.sandbox.seed.Dice;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import io.perennial.sandbox.token.OpaqueToken;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Registers and finds applications. */
@Singleton
public class Applications {
    private static final Duration OVERLAP = Duration.ofDays(7);

    private static final String HEX = "0123456789abcdef";

    private final Database database;
    private final SandboxClock clock;
    private final SellingPartners partners;
    private final ApplicationsConfig config;
    private final String publicUrl;

    Applications(
            Database database,
            SandboxClock clock,
            SellingPartners partners,
            ApplicationsConfig config,
            @ConfigProperty(name = "perennial.public-url", defaultValue = "http://localhost:8081") String publicUrl) {
        this.database = database;
        this.clock = clock;
        this.partners = partners;
        this.config = config;
        this.publicUrl = publicUrl.replaceAll("/+$", "");
    }

    /** Its ids follow the seed, its secret is random and stays; its addresses follow the configuration. */
    void seed(@Observes StartupEvent event) {
        Dice dice = new Dice(partners.seed()).child(-1);
        store(new Application(
                "amzn1.sp.solution." + new UUID(dice.roll(1), dice.roll(2)),
                "amzn1.application-oa2-client." + dice.letters(3, 32, HEX),
                newSecret(),
                "Perennial Demo",
                List.of(publicUrl + "/oauth/amazon/callback"),
                publicUrl + "/oauth/amazon/login",
                true,
                Kind.SP_API,
                null));
        store(new Application(
                "amzn1.application." + dice.letters(4, 32, HEX),
                "amzn1.application-oa2-client." + dice.letters(5, 32, HEX),
                newSecret(),
                "Perennial Demo Ads",
                List.of(publicUrl + "/oauth/ads/callback"),
                null,
                true,
                Kind.ADS,
                null));
    }

    public List<Application> all() {
        return database.list("select * from application order by created_at, application_id", Applications::read);
    }

    public Optional<Application> find(String applicationId) {
        return database.first("select * from application where application_id = ?", Applications::read, applicationId);
    }

    public Optional<Application> withClientId(String clientId) {
        return database.first("select * from application where client_id = ?", Applications::read, clientId);
    }

    /**
     * The application that shows its own secret, before the secret's end; the one before a rotation is good for seven more
     * days, as at Amazon.
     */
    public Optional<Application> authenticate(String clientId, String secret) {
        return withClientId(clientId)
                .filter(application -> (OpaqueToken.same(application.clientSecret(), secret) && !ended(application))
                        || formerSecret(application).stream().anyMatch(former -> OpaqueToken.same(former, secret)));
    }

    /** Whether an application missed its rotation: then its access tokens open nothing either. */
    public boolean secretEnded(String applicationId) {
        return find(applicationId).filter(this::ended).isPresent();
    }

    private boolean ended(Application application) {
        return application.secretEndsAt() != null && !clock.instant().isBefore(application.secretEndsAt());
    }

    private Optional<String> formerSecret(Application application) {
        return database.first(
                "select former_secret from application where application_id = ? and former_secret_until > ?",
                row -> row.text("former_secret"),
                application.applicationId(),
                clock.instant());
    }

    /** Makes a new secret; the application is told nowhere else. The former one does not outlive its own end. */
    Optional<Application> rotate(String applicationId) {
        database.update(
                """
                update application
                   set former_secret = client_secret, former_secret_until = least(?, secret_ends_at),
                       client_secret = ?, secret_ends_at = ?
                 where application_id = ?
                """,
                clock.instant().plus(OVERLAP),
                newSecret(),
                secretEnd(),
                applicationId);
        return find(applicationId);
    }

    /** What its developer says about a new application. */
    record Described(
            String name,
            List<String> redirectUris,
            @Nullable String loginUri,
            boolean published,
            Kind kind,
            boolean secretEnds) {}

    Application register(Described described) {
        Application application = new Application(
                described.kind() == Kind.ADS
                        ? "amzn1.application." + UUID.randomUUID().toString().replace("-", "")
                        : "amzn1.sp.solution." + UUID.randomUUID(),
                "amzn1.application-oa2-client." + UUID.randomUUID().toString().replace("-", ""),
                newSecret(),
                described.name(),
                described.redirectUris(),
                described.loginUri(),
                described.published(),
                described.kind(),
                described.secretEnds() ? secretEnd() : null);
        store(application);
        return application;
    }

    private Instant secretEnd() {
        return clock.instant().plus(config.secretLife());
    }

    boolean publish(String applicationId) {
        return database.update("update application set published = true where application_id = ?", applicationId) == 1;
    }

    private void store(Application application) {
        database.update(
                """
                insert into application
                    (application_id, client_id, client_secret, name, redirect_uris, login_uri, published, kind, secret_ends_at,
                     created_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (application_id) do update
                    set redirect_uris = excluded.redirect_uris, login_uri = excluded.login_uri
                """,
                application.applicationId(),
                application.clientId(),
                application.clientSecret(),
                application.name(),
                application.redirectUris(),
                application.loginUri(),
                application.published(),
                application.kind().name(),
                application.secretEndsAt(),
                clock.instant());
    }

    private static String newSecret() {
        return OpaqueToken.random("amzn1.oa2-cs.v1.", 48).reveal();
    }

    private static Application read(Row row) {
        return new Application(
                row.text("application_id"),
                row.text("client_id"),
                row.text("client_secret"),
                row.text("name"),
                row.texts("redirect_uris"),
                row.findText("login_uri"),
                row.flag("published"),
                Kind.valueOf(row.text("kind")),
                row.findInstant("secret_ends_at"));
    }
}
