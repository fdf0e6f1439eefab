package io.perennial.sandbox.database;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The current row of a result, read by column name. */
public final class Row {

    private final ResultSet rows;

    Row(ResultSet rows) {
        this.rows = rows;
    }

    public String text(String column) {
        return present(findText(column), column);
    }

    public @Nullable String findText(String column) {
        return read(() -> rows.getString(column));
    }

    public Instant instant(String column) {
        return present(findInstant(column), column);
    }

    public @Nullable Instant findInstant(String column) {
        OffsetDateTime value = read(() -> rows.getObject(column, OffsetDateTime.class));
        return value == null ? null : value.toInstant();
    }

    public long number(String column) {
        return present(findNumber(column), column);
    }

    public @Nullable Long findNumber(String column) {
        return read(() -> {
            long value = rows.getLong(column);
            return rows.wasNull() ? null : value;
        });
    }

    public double decimal(String column) {
        return present(findDecimal(column), column);
    }

    public @Nullable Double findDecimal(String column) {
        return read(() -> rows.getObject(column, Double.class));
    }

    public boolean flag(String column) {
        return present(read(() -> rows.getObject(column, Boolean.class)), column);
    }

    public List<String> texts(String column) {
        Array array = present(read(() -> rows.getArray(column)), column);
        return List.of((String[]) present(read(array::getArray), column));
    }

    private static <T> T present(@Nullable T value, String column) {
        return Objects.requireNonNull(value, () -> "column " + column + " is null");
    }

    private static <T> @Nullable T read(Column<T> column) {
        try {
            return column.read();
        } catch (SQLException e) {
            throw new DatabaseFault(e);
        }
    }

    private interface Column<T> {
        @Nullable
        T read() throws SQLException;
    }
}
