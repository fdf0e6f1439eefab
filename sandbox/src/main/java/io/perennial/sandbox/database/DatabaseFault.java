package io.perennial.sandbox.database;

import java.sql.SQLException;

/** The database refused or could not be reached; the statement's transaction is rolled back. */
public final class DatabaseFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DatabaseFault(SQLException cause) {
        super("sandbox database: " + cause.getMessage(), cause);
    }
}
