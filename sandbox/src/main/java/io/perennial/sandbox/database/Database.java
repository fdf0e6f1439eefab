package io.perennial.sandbox.database;

import io.agroal.api.AgroalDataSource;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs statements, each in its own transaction unless {@link #transact} groups them. */
@Singleton
public class Database {

    private final AgroalDataSource dataSource;

    Database(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    public <T> T transact(Function<Transaction, T> work) {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.apply(new Transaction(connection));
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new DatabaseFault(e);
        }
    }

    public int update(String sql, @Nullable Object... parameters) {
        return alone(statement -> statement.update(sql, parameters));
    }

    public <T> List<T> list(String sql, Function<Row, T> reader, @Nullable Object... parameters) {
        return alone(statement -> statement.list(sql, reader, parameters));
    }

    public <T> Optional<T> first(String sql, Function<Row, T> reader, @Nullable Object... parameters) {
        return list(sql, reader, parameters).stream().findFirst();
    }

    /** One statement is a transaction by itself: nothing has to be said before or after it. */
    private <T> T alone(Function<Transaction, T> work) {
        try (Connection connection = dataSource.getConnection()) {
            return work.apply(new Transaction(connection));
        } catch (SQLException e) {
            throw new DatabaseFault(e);
        }
    }
}
