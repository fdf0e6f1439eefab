package io.perennial.notify;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.perennial.testsupport.TenantRule;
import java.time.Instant;

@AnalyzeClasses(packages = "io.perennial.notify", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {
    @ArchTest
    static final ArchRule CAPABILITIES_FORM_A_DAG = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("routing")
            .definedBy("..routing..")
            .layer("reminder")
            .definedBy("..reminder..")
            .layer("operator")
            .definedBy("..operator..")
            .layer("email")
            .definedBy("..email..")
            .layer("suppression")
            .definedBy("..suppression..")
            .layer("links")
            .definedBy("..links..")
            .layer("connection")
            .definedBy("..connection..")
            .whereLayer("routing")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("reminder")
            .mayOnlyBeAccessedByLayers("routing")
            .whereLayer("operator")
            .mayOnlyBeAccessedByLayers("routing", "reminder")
            .whereLayer("email")
            .mayOnlyBeAccessedByLayers("reminder", "operator", "suppression")
            .whereLayer("suppression")
            .mayOnlyBeAccessedByLayers("reminder")
            .whereLayer("links")
            .mayOnlyBeAccessedByLayers("reminder", "email")
            .whereLayer("connection")
            .mayOnlyBeAccessedByLayers("routing", "reminder")
            .because("events flow in one direction: routing, reminder, email");

    @ArchTest
    static final ArchRule TIME_COMES_IN = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("the domain's time is moved in tests and in the sandbox");

    @ArchTest
    static final ArchRule NOBODY_WAITS = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.smallrye.mutiny.groups.UniAwait")
            .because("event loops must not block");

    @ArchTest
    static final ArchRule ONLY_WHAT_RUNS_BY_ITSELF_SUBSCRIBES = noClasses()
            .that()
            .doNotHaveSimpleName("DeliveryLoop")
            .and()
            .doNotHaveSimpleName("Departures")
            .and()
            .doNotHaveSimpleName("WaitingGauge")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.smallrye.mutiny.groups.UniSubscribe")
            .because("a pipeline that nobody returns is one whose failure nobody sees");

    @ArchTest
    static final ArchRule ONLY_THE_POSTMAN_SENDS = noClasses()
            .that()
            .resideOutsideOfPackage("..email..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus.mailer..", "io.vertx.ext.mail..")
            .because("every header is encoded in one place");

    @ArchTest
    static final ArchRule NAMES_MEAN_SOMETHING = classes()
            .should()
            .haveSimpleNameNotEndingWith("Impl")
            .andShould()
            .haveSimpleNameNotEndingWith("Helper")
            .andShould()
            .haveSimpleNameNotEndingWith("Util")
            .andShould()
            .haveSimpleNameNotEndingWith("Manager")
            .because("a class without a better name has not been named yet");

    /** Samples show nobody's data. */
    @ArchTest
    static final ArchRule no_route_forgets_whose_tenants_may_be_seen = TenantRule.everyRouteAsksForTheCallersTenants(
            "PreviewResource.preview", "PreviewResource.text", "TestMailResource.send");
}
