package io.perennial.auth.persistence;

import io.vertx.pgclient.PgException;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/** Tells which constraint of the database a failure violated. */
public final class Constraints {
    private Constraints() {}

    /** Whether {@code failure} is a violation of the constraint or unique index of that name. */
    public static boolean violates(Throwable failure, String name) {
        for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof PgException pg && name.equals(pg.getConstraint())) {
                return true;
            }
            if (t instanceof ConstraintViolationException violation && name.equals(violation.getConstraintName())) {
                return true;
            }
        }
        return false;
    }
}
