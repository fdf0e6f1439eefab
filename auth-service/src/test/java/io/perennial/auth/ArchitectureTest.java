package io.perennial.auth;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
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
import io.smallrye.mutiny.Uni;
import jakarta.persistence.Entity;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;

@AnalyzeClasses(packages = "io.perennial.auth", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule capabilities_depend_downwards = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("probe")
            .definedBy("io.perennial.auth.probe")
            .layer("authorization")
            .definedBy("io.perennial.auth.authorization..")
            .layer("imports")
            .definedBy("io.perennial.auth.imports")
            .layer("campaign")
            .definedBy("io.perennial.auth.campaign")
            .layer("profile")
            .definedBy("io.perennial.auth.profile")
            .layer("token")
            .definedBy("io.perennial.auth.token..")
            .layer("connection")
            .definedBy("io.perennial.auth.connection..")
            .layer("outage")
            .definedBy("io.perennial.auth.outage")
            .layer("application")
            .definedBy("io.perennial.auth.application")
            .layer("tenant")
            .definedBy("io.perennial.auth.tenant")
            .layer("vault")
            .definedBy("io.perennial.auth.vault")
            .whereLayer("probe")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("authorization")
            .mayOnlyBeAccessedByLayers("campaign", "imports")
            .whereLayer("imports")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("campaign")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("profile")
            .mayOnlyBeAccessedByLayers("authorization", "imports")
            .whereLayer("token")
            .mayOnlyBeAccessedByLayers("profile", "authorization", "probe", "imports")
            .whereLayer("connection")
            .mayOnlyBeAccessedByLayers("token", "profile", "authorization", "probe", "imports", "campaign")
            .whereLayer("outage")
            .mayOnlyBeAccessedByLayers("connection", "token", "probe")
            .whereLayer("application")
            .mayOnlyBeAccessedByLayers("outage", "connection", "token", "authorization", "imports")
            .whereLayer("tenant")
            .mayOnlyBeAccessedByLayers("connection", "authorization", "imports")
            .whereLayer("vault")
            .mayOnlyBeAccessedByLayers("application", "token", "authorization")
            .because("a capability knows those below it and none above");

    @ArchTest
    static final ArchRule no_cycles = slices().matching("io.perennial.auth.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a cycle makes one capability of two");

    @ArchTest
    static final ArchRule secrets_are_opened_in_two_places = noClasses()
            .that()
            .resideOutsideOfPackages("io.perennial.auth.vault", "io.perennial.auth.token..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(SecretAccess.class)
            .because("only the vault and the token client may read a secret's text");

    @ArchTest
    static final ArchRule time_comes_from_the_clocks = noClasses()
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
            .because("the domain clock can be moved, the machine's can not; code that asks neither can not be tested");

    @ArchTest
    static final ArchRule entities_stay_in_their_capability = classes()
            .that()
            .areAnnotatedWith(Entity.class)
            .should()
            .bePackagePrivate()
            .because("others see views, so that a table can change without them");

    @ArchTest
    static final ArchRule nothing_waits = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Readiness")
            .should()
            .callMethod(Uni.class, "await")
            .because("the event loop must not wait; only the start may");

    @ArchTest
    static final ArchRule no_homeless_packages = noClasses()
            .should()
            .resideInAnyPackage("..common..", "..core..", "..shared..", "..util..", "..helper..", "..impl..", "..dto..")
            .because("a class without a home has not been named yet");

    @ArchTest
    static final ArchRule no_empty_names = noClasses()
            .that(resideInAnyPackage("io.perennial.auth.."))
            .should()
            .haveNameMatching(".*(Impl|Helper|Util|Utils|Manager)")
            .because("such a name says nothing");

    /** Applications, keys and outages are the house's. */
    @ArchTest
    static final ArchRule no_route_forgets_whose_tenants_may_be_seen = TenantRule.everyRouteAsksForTheCallersTenants(
            "AppResource.presets",
            "AppResource.list",
            "AppResource.get",
            "AppCustodyResource.secrets",
            "EndingSecretsResource.ending",
            "KeyResource.rotation",
            "OutageResource.list");
}
