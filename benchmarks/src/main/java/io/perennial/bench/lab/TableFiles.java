package io.perennial.bench.lab;

import io.perennial.launcher.LauncherException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** The rows that some work writes, as files for {@code COPY}: the same bytes for both arms. */
public final class TableFiles {
    private final Lab lab;
    private final String database;
    private final Path directory;
    private final List<String> tables;
    private final Map<String, String> columns = new HashMap<>();

    /** @param tables in the order of their foreign keys */
    public TableFiles(Lab lab, String database, Path directory, List<String> tables) {
        this.lab = lab;
        this.database = database;
        this.directory = directory;
        this.tables = List.copyOf(tables);
    }

    /** Keeps what was just written. */
    public void keep() {
        copy((manager, table) -> {
            try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(directory.resolve(table)))) {
                manager.copyOut("copy " + table + " (" + columns(table) + ") to stdout", file);
            }
        });
    }

    /** Loads it in one transaction. */
    public void load() {
        copy((manager, table) -> {
            try (InputStream file = new BufferedInputStream(Files.newInputStream(directory.resolve(table)))) {
                manager.copyIn("copy " + table + " (" + columns(table) + ") from stdin", file);
            }
        });
    }

    private interface Step {
        void at(CopyManager manager, String table) throws SQLException, IOException;
    }

    private void copy(Step step) {
        try (Connection connection = lab.connect(database)) {
            connection.setAutoCommit(false);
            CopyManager manager = connection.unwrap(PGConnection.class).getCopyAPI();
            for (String table : tables) {
                step.at(manager, table);
            }
            connection.commit();
        } catch (SQLException | IOException e) {
            throw new LauncherException("the rows can not be copied: " + e.getMessage(), e);
        }
    }

    private String columns(String table) {
        return columns.computeIfAbsent(table, this::columnsOf);
    }

    private String columnsOf(String table) {
        try (Connection connection = lab.connect(database);
                var query = connection.prepareStatement(
                        """
                        select string_agg(quote_ident(column_name), ', ' order by ordinal_position)
                          from information_schema.columns
                         where table_schema = 'public' and table_name = ? and is_generated = 'NEVER'
                        """)) {
            query.setString(1, table);
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        } catch (SQLException e) {
            throw new LauncherException("the columns of " + table + " can not be read: " + e.getMessage(), e);
        }
    }
}
