package io.perennial.launcher.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.process.OwnedProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresProcessTest {

    private static final String PASSWORD = "correct-horse-battery";

    @TempDir
    Path home;

    @AfterEach
    void stopWhatIsLeft() {
        OwnedProcess.recorded(record()).ifPresent(OwnedProcess::kill);
    }

    @Test
    void rows_survive_a_stop_and_a_kill() throws SQLException {
        int port = LoopbackPort.free();
        PostgresProcess first = PostgresProcess.start(settings(port));
        first.createDatabases(Map.of("auth", PASSWORD));
        execute(first, "create table kept(id int); insert into kept values (1)");
        first.stop();
        assertThat(OwnedProcess.recorded(record())).isEmpty();

        PostgresProcess second = PostgresProcess.start(settings(port));
        execute(second, "insert into kept values (2)");
        second.process().kill();
        assertThat(second.process().alive()).isFalse();

        PostgresProcess third = PostgresProcess.start(settings(port));
        try (Connection connection = third.connect("auth", PASSWORD, "auth");
                ResultSet rows = connection.createStatement().executeQuery("select count(*) from kept")) {
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(2);
        }
        third.stop();
    }

    @Test
    void a_role_enters_its_own_database_only() throws SQLException {
        PostgresProcess server = PostgresProcess.start(settings(LoopbackPort.free()));
        server.createDatabases(Map.of("auth", PASSWORD, "fetch", PASSWORD));
        server.createDatabases(Map.of("auth", PASSWORD));

        server.connect("auth", PASSWORD, "auth").close();
        assertThatThrownBy(() -> server.connect("auth", PASSWORD, "fetch")).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> server.connect("auth", PASSWORD, "postgres")).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> server.connect("auth", "wrong-password", "auth"))
                .isInstanceOf(SQLException.class);
        server.stop();
        assertThat(home.resolve("postgres.log")).content().doesNotContain(PASSWORD);
    }

    @Test
    void a_port_in_use_is_named_with_the_way_out() throws Exception {
        int port = LoopbackPort.free();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByName(LoopbackPort.HOST))) {
            assertThatThrownBy(() -> PostgresProcess.start(settings(other.getLocalPort())))
                    .isInstanceOf(LauncherException.class)
                    .hasMessageContaining("port " + port + " is in use, PostgreSQL needs it")
                    .hasMessageContaining("PERENNIAL_PORT_OFFSET");
        }
    }

    @Test
    void a_server_that_dies_at_start_is_reported_with_its_log() {
        PostgresSettings good = settings(LoopbackPort.free());
        PostgresSettings bad = new PostgresSettings(
                good.directory(),
                good.port(),
                PASSWORD,
                good.log(),
                good.record(),
                Map.of("shared_buffers", "not-a-size"));
        assertThatThrownBy(() -> PostgresProcess.start(bad))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining(good.log().toString())
                .hasMessageContaining("shared_buffers");
    }

    private void execute(PostgresProcess server, String sql) throws SQLException {
        try (Connection connection = server.connect("auth", PASSWORD, "auth")) {
            connection.createStatement().execute(sql);
        }
    }

    private PostgresSettings settings(int port) {
        return new PostgresSettings(
                home.resolve("postgres"), port, PASSWORD, home.resolve("postgres.log"), record(), Map.of());
    }

    private Path record() {
        return home.resolve("run/postgres.json");
    }
}
