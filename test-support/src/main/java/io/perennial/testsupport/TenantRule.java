package io.perennial.testsupport;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rule by which no route forgets whose tenants the caller may see. */
public final class TenantRule {
    private static final String CALLER = "io.perennial.service.Caller";
    private static final Set<String> ASKS = Set.of("tenants", "sees", "requireTenant", "requireAllTenants");

    private TenantRule() {}

    /**
     * Every method that answers a request of somebody with a role asks the caller for his tenants, by itself or by a method of
     * its class.
     *
     * @param withoutTenant methods, as {@code Resource.method}, whose answer tells of no tenant
     */
    public static ArchRule everyRouteAsksForTheCallersTenants(String... withoutTenant) {
        Set<String> exempt = Set.of(withoutTenant);
        return methods()
                .that(answerWhoHasARole())
                .and(DescribedPredicate.describe(
                        "tell of tenants", (JavaMethod method) -> !exempt.contains(shortName(method))))
                .should(askForTheTenants())
                .because("what a query is not told it can not leave out");
    }

    private static DescribedPredicate<JavaMethod> answerWhoHasARole() {
        return DescribedPredicate.describe(
                "answer a request of somebody with a role",
                method -> method.getAnnotations().stream()
                                .anyMatch(annotation ->
                                        annotation.getRawType().isAnnotatedWith("jakarta.ws.rs.HttpMethod"))
                        && !method.isAnnotatedWith("jakarta.annotation.security.PermitAll")
                        && (method.isAnnotatedWith("jakarta.annotation.security.RolesAllowed")
                                || method.getOwner().isAnnotatedWith("jakarta.annotation.security.RolesAllowed")));
    }

    private static ArchCondition<JavaMethod> askForTheTenants() {
        return new ArchCondition<>("ask for the tenants of the caller") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                events.add(new SimpleConditionEvent(
                        method,
                        asks(method),
                        shortName(method) + " does not ask Caller which tenants may be seen "
                                + method.getSourceCodeLocation()));
            }
        };
    }

    private static boolean asks(JavaMethod route) {
        Set<JavaCodeUnit> met = new HashSet<>(List.of(route));
        Deque<JavaCodeUnit> open = new ArrayDeque<>(met);
        while (!open.isEmpty()) {
            JavaCodeUnit next = open.pop();
            if (next.getCallsFromSelf().stream()
                    .anyMatch(
                            call -> call.getTargetOwner().getName().equals(CALLER) && ASKS.contains(call.getName()))) {
                return true;
            }
            next.getCallsFromSelf().stream()
                    .filter(call -> call.getTargetOwner().equals(route.getOwner()))
                    .flatMap(call -> call.getTarget().resolveMember().stream())
                    .map(JavaCodeUnit.class::cast)
                    .filter(met::add)
                    .forEach(open::push);
        }
        return false;
    }

    private static String shortName(JavaMethod method) {
        return method.getOwner().getSimpleName() + "." + method.getName();
    }
}
