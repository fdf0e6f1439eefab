package io.perennial.testsupport;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives plain tests (without Quarkus) the database, the broker, the sandbox and the clock as parameters of constructors, life-cycle
 * methods and tests. Nothing is started that is not asked for.
 */
public final class PerennialExtension implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == PerennialPostgres.class
                || type == PerennialKafka.class
                || type == TestClock.class
                || type == SandboxProcess.class
                || (type == TestDatabase.class && parameter.isAnnotated(Database.class));
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == PerennialPostgres.class) {
            return PerennialPostgres.shared();
        }
        if (type == PerennialKafka.class) {
            return PerennialKafka.shared();
        }
        if (type == TestClock.class) {
            return TestClock.shared();
        }
        if (type == SandboxProcess.class) {
            return SandboxProcess.shared();
        }
        return parameter
                .findAnnotation(Database.class)
                .map(wanted -> PerennialPostgres.shared().database(wanted.value()))
                .orElseThrow(() -> new ParameterResolutionException("a TestDatabase needs @Database(\"name\")"));
    }
}
