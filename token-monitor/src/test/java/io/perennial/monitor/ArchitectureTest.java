package io.perennial.monitor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.perennial.testsupport.TenantRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;

@AnalyzeClasses(packages = "io.perennial.monitor", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule capabilities_form_a_dag = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("connectionview")
            .definedBy("..connectionview..")
            .layer("plan")
            .definedBy("..plan..")
            .layer("calendar")
            .definedBy("..calendar..")
            .layer("retirement")
            .definedBy("..retirement..")
            .layer("expiry")
            .definedBy("..expiry..")
            .whereLayer("connectionview")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("calendar")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("retirement")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("plan")
            .mayOnlyBeAccessedByLayers("connectionview")
            .whereLayer("expiry")
            .mayOnlyBeAccessedByLayers("connectionview", "plan", "calendar")
            .because("the policy knows neither where ends come from nor who looks at them");

    @ArchTest
    static final ArchRule time_comes_in_through_the_constructor = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("the domain clock can be moved and an ambient one can not");

    @ArchTest
    static final ArchRule the_policy_is_pure = classes()
            .that()
            .haveSimpleName("ExpiryPolicy")
            .or()
            .haveSimpleName("Stage")
            .or()
            .haveSimpleName("Plan")
            .or()
            .haveSimpleName("WatchedConnection")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "io.perennial.contracts..", "io.perennial.monitor..")
            .because("decisions are tested in milliseconds, without a database");

    @ArchTest
    static final ArchRule nothing_waits_for_a_result = noClasses()
            .should()
            .callMethod(io.smallrye.mutiny.Uni.class, "await")
            .because("an event loop that waits is a process that stands still");

    @ArchTest
    static final ArchRule no_route_forgets_whose_tenants_may_be_seen = TenantRule.everyRouteAsksForTheCallersTenants();
}
