package io.perennial.auth.authorization;

import static io.perennial.auth.Api.admin;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Browser;
import io.perennial.auth.Browser.Page;
import io.perennial.auth.Keys;
import io.perennial.auth.Shop;
import io.perennial.auth.token.amazon.Certificate;
import io.perennial.auth.token.amazon.HostileServer;
import io.perennial.auth.token.amazon.HostileServer.Reply;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A callback whose code is exchanged at a token endpoint that answers as it likes. */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class HostileExchangeTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** What Amazon itself says; after everything else nobody knows whether the code is spent. */
    private static final Set<String> REFUSALS = Set.of("invalid_grant", "invalid_client", "throttled");

    @Inject
    Pool pool;

    @Test
    void whatever_the_token_endpoint_answers_the_code_is_sent_once_and_nothing_is_half_stored() throws Exception {
        Map<String, Reply> replies = new LinkedHashMap<>();
        replies.put("invalid_grant", HostileServer.json(400, "{\"error\":\"invalid_grant\"}"));
        replies.put("invalid_client", HostileServer.json(401, "{\"error\":\"invalid_client\"}"));
        replies.put("throttled", HostileServer.json(429, "{}"));
        replies.put("broken", HostileServer.json(500, "{}"));
        replies.put("HTML", HostileServer.typed(200, "text/html", "<script>canary</script>"));
        replies.put("no refresh token", HostileServer.json(200, "{\"access_token\":\"Atza|canary\"}"));
        replies.put("10 MB", HostileServer.json(200, "canary".repeat(2 * 1024 * 1024)));
        replies.put("gzip bomb", HostileServer.gzipBomb());
        replies.put("redirect", HostileServer.typed(302, "text/plain", "", "Location: http://127.0.0.1:1/canary"));
        replies.put("lost", out -> {});

        Shop shop = new Shop();
        Seller seller = Amazon.nextSeller("EU");
        try (HostileServer hostile = new HostileServer()) {
            for (Map.Entry<String, Reply> reply : replies.entrySet()) {
                UUID connection = shop.connection("shop-" + reply.getKey().replace(' ', '-'), seller.id());
                Browser browser = new Browser();
                URI back = shop.consent(browser, connection, seller);
                hostile.answers(reply.getValue());
                int before = hostile.requests().size();
                tokensFrom(shop, hostile.url() + "/auth/o2/token");
                Page page;
                try {
                    page = browser.open(back);
                } finally {
                    tokensFrom(shop, Amazon.url() + "/auth/o2/token");
                }
                assertThat(page.status()).as(reply.getKey()).isLessThan(500);
                assertThat(page.html()).as(reply.getKey()).doesNotContain("canary", "You are connected");
                assertThat(hostile.requests()).as(reply.getKey()).hasSize(before + 1);
                assertThat(grants(connection)).as(reply.getKey()).isZero();
                assertThat(shop.state(connection)).as(reply.getKey()).isEqualTo("PENDING");
                assertThat(lastLine(connection))
                        .as(reply.getKey())
                        .isEqualTo(REFUSALS.contains(reply.getKey()) ? "EXCHANGE_REFUSED" : "EXCHANGE_UNKNOWN");
            }
        }
    }

    @Test
    void c27_a_token_endpoint_that_shows_the_certificate_of_another_host_gets_no_code(@TempDir Path directory)
            throws Exception {
        Shop shop = new Shop();
        Seller seller = Amazon.nextSeller("EU");
        Certificate others = Certificate.of(directory, "elsewhere.example");
        try (HostileServer hostile = HostileServer.behind(others)) {
            UUID connection = shop.connection("shop-tls", seller.id());
            Browser browser = new Browser();
            URI back = shop.consent(browser, connection, seller);
            tokensFrom(shop, hostile.url() + "/auth/o2/token");
            Page page;
            try {
                page = others.trusted(() -> browser.open(back));
            } finally {
                tokensFrom(shop, Amazon.url() + "/auth/o2/token");
            }
            assertThat(page.html()).contains("Try again").doesNotContain("You are connected");
            assertThat(hostile.requests()).isEmpty();
            assertThat(grants(connection)).isZero();
            assertThat(shop.state(connection)).isEqualTo("PENDING");
        }
    }

    private static String lastLine(UUID connection) {
        return admin().get("/api/connections/" + connection + "/history")
                .then()
                .statusCode(200)
                .extract()
                .path("items[0].kind");
    }

    private static void tokensFrom(Shop shop, String endpoint) {
        admin().body(Map.of("endpoints", Map.of("token", endpoint)))
                .patch("/api/apps/" + shop.application())
                .then()
                .statusCode(200);
    }

    private long grants(UUID connection) {
        return pool.preparedQuery("select count(*) from grant_record where connection_id = $1")
                .execute(Tuple.of(connection))
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getLong(0);
    }
}
