package io.perennial.testsupport;

import io.quarkus.test.common.WithTestResource;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a {@code @QuarkusTest}: the service runs against a real, empty database, a real broker with the topics of the
 * contract, and the movable clock. All test classes with equal values share one start of the service.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@WithTestResource(PerennialTestResource.class)
public @interface WithPerennial {

    /** Name of the service's database, which is also its role; empty when the service has none. */
    String database();

    /** False for a test that needs no broker. */
    boolean kafka() default true;

    /** True for a service that needs Amazon's stand-in, the OIDC issuer or the mail server. */
    boolean sandbox() default false;
}
