package io.perennial.fetch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.perennial.secret.SecretAccess;
import io.perennial.testsupport.TenantRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;

@AnalyzeClasses(packages = "io.perennial.fetch", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule capabilities_form_a_hierarchy = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("schedule")
            .definedBy("..fetch.schedule..")
            .layer("backfill")
            .definedBy("..fetch.backfill..")
            .layer("erasure")
            .definedBy("..fetch.erasure..")
            .layer("loadstatus")
            .definedBy("..fetch.loadstatus..")
            .layer("orders")
            .definedBy("..fetch.orders..")
            .layer("profiles")
            .definedBy("..fetch.profiles..")
            .layer("report")
            .definedBy("..fetch.report..")
            .layer("access")
            .definedBy("..fetch.access..")
            .layer("batch")
            .definedBy("..fetch.batch..")
            .layer("outage")
            .definedBy("..fetch.outage..")
            .layer("retry")
            .definedBy("..fetch.retry..")
            .layer("quota")
            .definedBy("..fetch.quota..")
            .whereLayer("schedule")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("backfill")
            .mayOnlyBeAccessedByLayers("schedule")
            .whereLayer("erasure")
            .mayOnlyBeAccessedByLayers("schedule")
            .whereLayer("loadstatus")
            .mayOnlyBeAccessedByLayers("backfill", "erasure")
            .whereLayer("profiles")
            .mayOnlyBeAccessedByLayers("backfill", "erasure", "schedule")
            .whereLayer("report")
            .mayOnlyBeAccessedByLayers("backfill")
            .whereLayer("orders")
            .mayOnlyBeAccessedByLayers("report", "backfill", "erasure", "profiles")
            .whereLayer("outage")
            .mayOnlyBeAccessedByLayers("backfill")
            .whereLayer("retry")
            .mayOnlyBeAccessedByLayers("backfill")
            .whereLayer("quota")
            .mayOnlyBeAccessedByLayers("backfill")
            .whereLayer("batch")
            .mayOnlyBeAccessedByLayers("backfill", "erasure")
            .whereLayer("access")
            .mayOnlyBeAccessedByLayers("orders", "profiles", "report", "backfill", "schedule")
            .because("what causes a fetch, running it, and reading from Amazon are separate concerns");

    @ArchTest
    static final ArchRule there_are_no_cycles = slices().matching("io.perennial.fetch.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a capability is understood with those below it alone");

    @ArchTest
    static final ArchRule only_the_amazon_client_reads_tokens = noClasses()
            .that()
            .haveNameNotMatching(".*\\.(orders\\.(SpApi|Subscription)|profiles\\.Profiles)Client")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(SecretAccess.class)
            .because("an access token is opened where it goes on the wire, nowhere else");

    @ArchTest
    static final ArchRule time_comes_from_the_domain_clock = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("the domain clock can be moved, the machine's can not");

    @ArchTest
    static final ArchRule only_loops_subscribe = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Loop")
            .and()
            .doNotHaveSimpleName("DailyFetch")
            .and()
            .doNotHaveSimpleName("FetchGauges")
            .should()
            .callMethod(io.smallrye.mutiny.Uni.class, "subscribe")
            .because("work that nobody waits for is started in one visible place each");

    @ArchTest
    static final ArchRule resources_are_the_only_http_edge = classes()
            .that()
            .areAnnotatedWith(jakarta.ws.rs.Path.class)
            .should()
            .haveSimpleNameEndingWith("Resource")
            .because("a reader finds the API by the name");

    /** The settings are the house's. */
    @ArchTest
    static final ArchRule no_route_forgets_whose_tenants_may_be_seen =
            TenantRule.everyRouteAsksForTheCallersTenants("RetrySettingsResource.all");
}
