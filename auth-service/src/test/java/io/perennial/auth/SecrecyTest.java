package io.perennial.auth;

import static io.perennial.auth.Api.as;
import static io.perennial.auth.Browser.parameter;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** After a whole consent nothing that was secret stands anywhere as it is. */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class SecrecyTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Inject
    Pool pool;

    @Test
    void no_token_code_state_link_or_secret_is_in_the_database_the_topics_or_the_log() {
        List<String> log = new ArrayList<>();
        Handler listener = listener(log);
        Logger.getLogger("").addHandler(listener);
        List<String> secrets = new ArrayList<>();
        try {
            Shop shop = new Shop();
            Amazon.Seller seller = Amazon.nextSeller("EU");
            UUID connection = shop.connection("shop-1", seller.id());
            URI link = shop.link(connection);
            secrets.add(last(link));
            Browser browser = new Browser();
            URI consentPage = shop.start(browser, link);
            secrets.add(parameter(consentPage, "state"));
            URI back = browser.consent(consentPage, seller);
            secrets.add(parameter(back, "spapi_oauth_code"));
            assertThat(browser.open(back).html()).contains("You are connected");
            secrets.add(as("token-reader", "*")
                    .post("/api/connections/" + connection + "/access-token")
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("accessToken"));
            for (JsonNode app : Amazon.get("/sandbox/apps")) {
                secrets.add(app.path("clientSecret").asText());
            }
        } finally {
            Logger.getLogger("").removeHandler(listener);
        }
        secrets.add("Atzr|");
        secrets.add("Atza|");

        assertThat(secrets).allSatisfy(secret -> assertThat(secret).isNotBlank());
        String database = database();
        String topics = topics();
        String lines = String.join("\n", log);
        for (String secret : secrets) {
            assertThat(database.contains(secret)).as("database").isFalse();
            assertThat(database.contains(HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8))))
                    .as("bytes in the database")
                    .isFalse();
            assertThat(topics.contains(secret)).as("topics").isFalse();
            assertThat(lines.contains(secret)).as("log").isFalse();
        }
        assertThat(database).as("the dump holds something").contains("ACTIVE");
    }

    private String database() {
        StringBuilder dump = new StringBuilder();
        for (Row table : pool.query("select table_name from information_schema.tables where table_schema = 'public'"
                        + " and table_type = 'BASE TABLE'")
                .execute()
                .await()
                .atMost(PATIENCE)) {
            for (Row row : pool.query("select t::text from \"" + table.getString(0) + "\" t")
                    .execute()
                    .await()
                    .atMost(PATIENCE)) {
                dump.append(row.getString(0)).append('\n');
            }
        }
        return dump.toString();
    }

    private static String topics() {
        StringBuilder dump = new StringBuilder();
        try (Events events = Events.ofAllTime(
                PerennialKafka.shared().bootstrapServers(), Topics.CONNECTIONS, Topics.CONNECTION_STATE)) {
            events.upToNow().forEach(event -> {
                dump.append(event.headers()).append('\n');
                if (event.value() != null) {
                    dump.append(new String(event.value(), StandardCharsets.UTF_8))
                            .append('\n');
                }
            });
        }
        return dump.toString();
    }

    private static Handler listener(List<String> log) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                synchronized (log) {
                    log.add(record.getMessage() + " " + java.util.Arrays.toString(record.getParameters()) + " "
                            + record.getThrown());
                }
            }

            @Override
            public void flush() {
                // Nothing is kept back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    private static String last(URI link) {
        return link.getPath().substring(link.getPath().lastIndexOf('/') + 1);
    }
}
