package io.perennial.bench.refresh;

import io.perennial.bench.lab.AuthService;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.load.Http;
import io.perennial.launcher.LauncherException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** auth-service's broker. Tokens age by the clock, as they do in the world. */
final class OurTokens implements Tokens {
    private static final Duration OLDER = Duration.ofHours(2);

    private final Lab lab;
    private final AuthService auth;
    private final Http http;
    private final Map<String, String> headers;
    private Duration offset = Duration.ZERO;

    OurTokens(Lab lab, AuthService auth, Http http) {
        this.lab = lab;
        this.auth = auth;
        this.http = http;
        this.headers = Map.of("authorization", "Bearer " + lab.issuer().token("token-reader"));
    }

    @Override
    public String name() {
        return "auth-service";
    }

    @Override
    public String database() {
        return AuthService.DATABASE;
    }

    @Override
    public List<Long> processes() {
        return auth.processes();
    }

    @Override
    public int replicas() {
        return auth.replicas().size();
    }

    @Override
    public void age() {
        offset = offset.plus(OLDER);
        auth.advanceTo(offset);
        lab.settle(AuthService.DATABASE);
    }

    @Override
    public List<UUID> connections() {
        List<UUID> found = new ArrayList<>();
        try (Connection connection = lab.connect(AuthService.DATABASE);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id from connection order by id")) {
            while (rows.next()) {
                found.add(rows.getObject(1, UUID.class));
            }
        } catch (SQLException e) {
            throw new LauncherException("the connections can not be read: " + e.getMessage(), e);
        }
        return found;
    }

    @Override
    public Future<?> token(int replica, UUID connection) {
        return http.send(
                HttpMethod.POST,
                auth.replicas().get(replica).port(),
                "/api/connections/" + connection + "/access-token",
                headers,
                200);
    }
}
