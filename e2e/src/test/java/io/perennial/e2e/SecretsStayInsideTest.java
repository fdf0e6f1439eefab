package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.contracts.Topics;
import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Api;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.ReceivedEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * After everything the other journeys did: no token, code, state, link or client secret in any database of ours, any
 * topic, any log, any metric. The provider's stand-in is not searched: it issued them.
 */
@Order(9)
class SecretsStayInsideTest {
    /** How every access and refresh token of the provider begins. */
    private static final List<String> TOKEN_PREFIXES = List.of("Atza|", "Atzr|", "Atza%7C", "Atzr%7C");

    /** As long as the shortest canary. */
    private static final int HEAD = 5;

    private static House house;
    private static Map<String, List<String>> byHead;
    private static BitSet heads;

    @BeforeAll
    static void collect_canaries() {
        house = House.shared();
        Set<String> canaries = new LinkedHashSet<>(TOKEN_PREFIXES);
        canaries.addAll(Trail.secrets());
        for (JsonNode app : house.sandbox().get("/sandbox/apps")) {
            canaries.add(app.get("clientSecret").asText());
        }
        assertThat(canaries).hasSizeGreaterThan(TOKEN_PREFIXES.size() + 2);
        for (String canary : List.copyOf(canaries)) {
            if (canary.length() > 10) {
                canaries.add(
                        Base64.getEncoder().withoutPadding().encodeToString(canary.getBytes(StandardCharsets.UTF_8)));
            }
        }
        byHead = canaries.stream().collect(Collectors.groupingBy(canary -> canary.substring(0, HEAD)));
        heads = new BitSet();
        canaries.forEach(canary -> heads.set(canary.charAt(0) << 8 ^ canary.charAt(1) << 4 ^ canary.charAt(2)));
    }

    @Test
    void what_is_searched_for_would_be_found() {
        String token = "Atzr|" + "x".repeat(40);

        assertThatThrownBy(() -> assertClean("a line", "before " + token + " after"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a line holds a secret that begins with Atzr|");
        for (List<String> some : byHead.values()) {
            some.forEach(canary -> assertThatThrownBy(() -> assertClean("a line", "\u20ac" + canary))
                    .isInstanceOf(AssertionError.class));
        }
    }

    @Test
    void databases_hold_none() throws SQLException {
        for (StackService service : StackService.values()) {
            if (service != StackService.SANDBOX) {
                rowsOf(service).forEach((table, rows) -> assertClean("table " + table, rows));
            }
        }
    }

    @Test
    void topics_hold_none() {
        String[] topics = Topics.all().stream().map(Topics.TopicSpec::name).toArray(String[]::new);
        try (Events events = house.events(topics)) {
            for (ReceivedEvent event : events.upToNow()) {
                assertClean(event.topic(), event + String.valueOf(event.headers()));
            }
        }
    }

    @Test
    void logs_hold_none() throws IOException {
        Path logs = house.stack().home().log("x").getParent();
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertClean(file.getFileName().toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void metrics_hold_none() {
        for (StackService service : StackService.values()) {
            if (service != StackService.SANDBOX) {
                String metrics =
                        Api.read(house.stack().url(service) + "/q/metrics").orElseThrow();
                assertThat(metrics).contains("jvm_");
                assertClean("metrics of " + service, metrics);
            }
        }
    }

    /** One look at each place of the text, however many secrets there are. */
    private static void assertClean(String where, String text) {
        for (int at = 0; at + HEAD <= text.length(); at++) {
            if (!heads.get(text.charAt(at) << 8 ^ text.charAt(at + 1) << 4 ^ text.charAt(at + 2))) {
                continue;
            }
            for (String canary : byHead.getOrDefault(text.substring(at, at + HEAD), List.of())) {
                assertThat(text.startsWith(canary, at))
                        .as("%s holds a secret that begins with %s", where, canary.substring(0, HEAD))
                        .isFalse();
            }
        }
    }

    private static Map<String, String> rowsOf(StackService service) throws SQLException {
        Map<String, String> rows = new LinkedHashMap<>();
        try (Connection connection = house.database(service);
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet found = statement.executeQuery(
                    "select quote_ident(table_name) from information_schema.tables where table_schema = 'public'")) {
                while (found.next()) {
                    tables.add(found.getString(1));
                }
            }
            assertThat(tables).as(service.processName()).isNotEmpty();
            for (String table : tables) {
                StringBuilder text = new StringBuilder();
                try (ResultSet found = statement.executeQuery("select t::text from " + table + " t")) {
                    while (found.next()) {
                        text.append(found.getString(1)).append('\n');
                    }
                }
                rows.put(service.processName() + "." + table, decoded(text.toString()));
            }
        }
        return rows;
    }

    /** Bytes show as hex in a row's text: their content is searched too. */
    private static String decoded(String text) {
        StringBuilder all = new StringBuilder(text);
        java.util.regex.Matcher hex =
                java.util.regex.Pattern.compile("\\\\x([0-9a-f]{8,})").matcher(text);
        while (hex.find()) {
            String digits = hex.group(1);
            byte[] bytes = java.util.HexFormat.of().parseHex(digits.substring(0, digits.length() & ~1));
            all.append(new String(bytes, StandardCharsets.ISO_8859_1)).append('\n');
        }
        return all.toString();
    }
}
