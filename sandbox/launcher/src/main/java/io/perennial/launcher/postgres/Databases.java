package io.perennial.launcher.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

/** Makes a role and the database of its name. Neither can be a parameter of SQL, hence the strict patterns. */
public final class Databases {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");
    private static final Pattern PASSWORD = Pattern.compile("[A-Za-z0-9_-]{8,100}");

    private Databases() {}

    /** Creates what is missing; only the role (and a superuser) may enter the database afterwards. */
    public static void create(Connection superuser, String name, String password) throws SQLException {
        requireName(name);
        if (!PASSWORD.matcher(password).matches()) {
            throw new IllegalArgumentException(
                    "the password of " + name + " has characters outside of A-Z a-z 0-9 _ -");
        }
        try (Statement statement = superuser.createStatement()) {
            if (!exists(superuser, "select 1 from pg_roles where rolname = ?", name)) {
                statement.execute("create role " + name + " login password '" + password + "'");
            }
            if (!exists(superuser, "select 1 from pg_database where datname = ?", name)) {
                statement.execute("create database " + name + " owner " + name);
                statement.execute("revoke all on database " + name + " from public");
            }
        }
    }

    public static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name of a database: " + name);
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }
}
