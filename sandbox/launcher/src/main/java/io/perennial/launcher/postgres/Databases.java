package io.perennial.launcher.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;

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
                statement.execute("create role " + quoted(name) + " login");
                // hashed on this side: a statement with the password in it could end in the server's log
                superuser.unwrap(PGConnection.class).alterUserPassword(name, password.toCharArray(), "scram-sha-256");
            }
            if (!exists(superuser, "select 1 from pg_database where datname = ?", name)) {
                statement.execute("create database " + quoted(name) + " owner " + quoted(name));
                statement.execute("revoke all on database " + quoted(name) + " from public");
            }
        }
    }

    /** Ends the sessions of a database and deletes it, if it exists. */
    public static void drop(Connection superuser, String name) throws SQLException {
        requireName(name);
        try (Statement statement = superuser.createStatement()) {
            statement.execute("drop database if exists " + quoted(name) + " with (force)");
        }
    }

    /** Some of the names are words of SQL. */
    private static String quoted(String name) {
        return '"' + name + '"';
    }

    private static void requireName(String name) {
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
