package io.perennial.bench.callback;

import io.perennial.bench.lab.AuthService;
import io.perennial.bench.lab.Lab;
import io.perennial.launcher.LauncherException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * Consents that are under way: merchants who went to Amazon and will come back. Their rows are written here as the landing
 * page writes them, since a start costs about as much as a callback and would not be measured.
 */
final class Pending {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final String INSERT =
            """
            insert into authorization_request (id, state_hash, browser_hash, tenant_id, connection_id, generation, region,
                                               app_id, way, locale, status, started_at, expires_at)
            select gen_random_uuid(), p.hash, ?, c.tenant_id, c.id, c.generation, c.region, c.app_id, 'WEBSITE', 'en',
                   'STARTED', now(), now() + interval '10 minutes'
              from unnest(?::uuid[], ?::bytea[]) as p(connection, hash) join connection c on c.id = p.connection
            """;

    private final Lab lab;
    private final String browser = randomText();
    private final List<Merchant> merchants;

    Pending(Lab lab) {
        this.lab = lab;
        this.merchants = merchants(lab);
    }

    private record Merchant(UUID connection, String account) {}

    /** A merchant's way back. */
    record Callback(String state, String account) {}

    /** The secret of the browser in which all of them set out. */
    String browser() {
        return browser;
    }

    /** One consent for each connection, in random order; what was left of earlier ones is gone. */
    List<Callback> start() {
        Collections.shuffle(merchants, RANDOM);
        List<Callback> callbacks = new ArrayList<>();
        UUID[] connections = new UUID[merchants.size()];
        byte[][] hashes = new byte[merchants.size()][];
        for (int i = 0; i < merchants.size(); i++) {
            String state = randomText();
            callbacks.add(new Callback(state, merchants.get(i).account()));
            connections[i] = merchants.get(i).connection();
            hashes[i] = hash(state);
        }
        try (Connection connection = lab.connect(AuthService.DATABASE);
                Statement forget = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            forget.execute("delete from authorization_request where status = 'STARTED'");
            insert.setBytes(1, hash(browser));
            insert.setArray(2, connection.createArrayOf("uuid", connections));
            insert.setArray(3, connection.createArrayOf("bytea", hashes));
            if (insert.executeUpdate() != merchants.size()) {
                throw new LauncherException("not every merchant set out");
            }
        } catch (SQLException e) {
            throw new LauncherException("the consents can not be started: " + e.getMessage(), e);
        }
        return callbacks;
    }

    private static List<Merchant> merchants(Lab lab) {
        List<Merchant> found = new ArrayList<>();
        try (Connection connection = lab.connect(AuthService.DATABASE);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id, account_id from connection")) {
            while (rows.next()) {
                found.add(new Merchant(rows.getObject(1, UUID.class), rows.getString(2)));
            }
        } catch (SQLException e) {
            throw new LauncherException("the connections can not be read: " + e.getMessage(), e);
        }
        return found;
    }

    static String randomText() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
