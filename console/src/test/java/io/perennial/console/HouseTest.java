package io.perennial.console;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.time.LocalDate;

@AnalyzeClasses(packages = "io.perennial.console", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {
    @ArchTest
    static final ArchRule CAPABILITIES_FORM_A_DAG = slices().matching("io.perennial.console.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a page can be read, and taken out, without the others");

    @ArchTest
    static final ArchRule PAGES_STAND_ON_COMMON_GROUND = noClasses()
            .that()
            .resideInAnyPackage("..console.view..", "..console.web..", "..console.remote..", "..console.words..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..console.campaign..",
                    "..console.connection..",
                    "..console.connections..",
                    "..console.expiry..",
                    "..console.imports..",
                    "..console.loadstatus..",
                    "..console.queue..",
                    "..console.suppression..",
                    "..console.unclaimed..")
            .because("what all pages use knows none of them");

    @ArchTest
    static final ArchRule TIME_COMES_IN = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
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
    static final ArchRule SECRETS_STAY_ELSEWHERE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.perennial.secret..")
            .because("people see what a token does, never the token");
}
