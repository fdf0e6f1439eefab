package io.perennial.auth.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.connection.AccountsConfig.AcrossTenants;
import io.perennial.auth.connection.lifecycle.Consent;
import io.perennial.auth.connection.lifecycle.GrantLife;
import io.perennial.auth.connection.lifecycle.ProbingConfig;
import io.perennial.auth.connection.lifecycle.PromotionOutcome;
import io.perennial.auth.persistence.Transactions;
import io.perennial.clock.DomainClock;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.outbox.Outbox;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two tenants, one account at the provider: what a deployment may choose. */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class AcrossTenantsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Inject
    ConnectionMoves moves;

    @Inject
    Announcements announcements;

    @Inject
    AuditTrail audit;

    @Inject
    Outbox outbox;

    @Inject
    GrantLife life;

    @Inject
    ProbingConfig probing;

    @Inject
    Pool pool;

    @Inject
    DomainClock clock;

    @Inject
    Transactions transactions;

    private final String account =
            "A" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
    private UUID agency;
    private UUID brand;

    @BeforeEach
    void two_tenants() {
        agency = new Shop().connection("shop-1", null);
        brand = new Shop().connection("shop-1", null);
    }

    @Test
    void by_default_an_agency_and_its_brand_hold_the_same_account() {
        assertThat(both(AcrossTenants.ALLOW)).containsOnly(PromotionOutcome.PROMOTED);
    }

    @Test
    void where_one_tenant_only_may_hold_it_the_first_one_does_also_when_two_come_at_once() {
        assertThat(both(AcrossTenants.REFUSE))
                .containsExactlyInAnyOrder(PromotionOutcome.PROMOTED, PromotionOutcome.HELD_BY_OTHER_TENANT);
        assertThat(List.of(state(agency), state(brand))).containsExactlyInAnyOrder("ACTIVE", "PENDING");
    }

    @Test
    void an_import_keeps_to_that_too() {
        both(AcrossTenants.REFUSE);
        List<ImportedConnection> lines =
                List.of(line("third", account), line("third", "AFREE1"), line("fourth", "AFREE1"));
        assertThat(barred(AcrossTenants.REFUSE, lines))
                .containsExactlyInAnyOrder(lines.get(0).id(), lines.get(2).id());
        assertThat(barred(AcrossTenants.ALLOW, lines)).isEmpty();
    }

    private Set<UUID> barred(AcrossTenants policy, List<ImportedConnection> lines) {
        ConnectionImports imports = new ConnectionImports(outbox, audit, life, probing, () -> policy, clock);
        return pool.withTransaction(transaction -> imports.barred(transaction, lines))
                .await()
                .atMost(PATIENCE);
    }

    private ImportedConnection line(String tenant, String account) {
        Shop shop = new Shop();
        return new ImportedConnection(
                UUID.randomUUID(),
                tenant,
                "shop-1",
                Provider.AMAZON_SELLER,
                Region.EU,
                UUID.fromString(shop.<String>get(agency, "app")),
                "Shop",
                List.of(),
                List.of(),
                account,
                false,
                null,
                null,
                List.of());
    }

    private List<PromotionOutcome> both(AcrossTenants policy) {
        return Uni.join()
                .all(promoted(agency, policy), promoted(brand, policy))
                .andFailFast()
                .await()
                .atMost(PATIENCE);
    }

    private Uni<PromotionOutcome> promoted(UUID connection, AcrossTenants policy) {
        ConnectionConsents consents = new ConnectionConsents(moves, announcements, audit, () -> policy, clock);
        Consent consent =
                new Consent(1, account, "Shop", List.of(), clock.instant(), GrantLife.yearAfter(clock.instant()), true);
        return transactions.in(session -> consents.promote(session, connection, consent, "merchant"));
    }

    private static String state(UUID connection) {
        return new Shop().state(connection);
    }
}
