package io.perennial.auth.authorization;

import static io.perennial.auth.Api.admin;
import static io.perennial.auth.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Keys;
import io.perennial.auth.Registration;
import io.perennial.auth.Shop;
import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.PerennialKafka;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class SelfAuthorizationTest {
    private Shop shop;
    private Registration registration;
    private UUID connection;
    private Seller ada;

    @BeforeEach
    void a_private_application() {
        shop = new Shop();
        registration = Registration.ofSellers().with("private", true);
        connection = Registration.connection(shop.tenant(), registration.enter(), Map.of());
        ada = Amazon.nextSeller("EU");
    }

    @AfterEach
    void no_trouble() {
        Amazon.faults();
    }

    @Test
    void a_pasted_token_connects_without_a_year_and_its_account_is_marked_unverified() {
        String token = Amazon.selfAuthorize(ada, registration.applicationId());
        try (Events events = Events.fromNow(PerennialKafka.shared().bootstrapServers(), Topics.CONNECTIONS)) {
            paste(token, ada.id())
                    .statusCode(200)
                    .body("outcome", equalTo("connected"))
                    .body("state", equalTo("ACTIVE"))
                    .body("generation", equalTo(1));
            var authorized = events.await("ConnectionAuthorized", connection.toString());
            assertThat(authorized.data().has("endsAt")).isFalse();
        }
        admin().get("/api/connections/" + connection)
                .then()
                .body("accountId", equalTo(ada.id()))
                .body("accountName", equalTo(ada.name()))
                .body("accountVerified", equalTo(false))
                .body("setup", hasItem("ACCOUNT_UNVERIFIED"))
                .body("endsAt", nullValue());
        as("token-reader", "*")
                .post("/api/connections/" + connection + "/access-token")
                .then()
                .statusCode(200)
                .body("accountId", equalTo(ada.id()));

        String again = Amazon.selfAuthorize(ada, registration.applicationId());
        paste(again, null).statusCode(200).body("generation", equalTo(2));
        // No consent page gives a private application what its owner makes himself: mails get no link to one.
        as("link-issuer", "*")
                .body(Map.of("items", List.of(Map.of("connectionId", connection, "generation", 2))))
                .post("/api/reminder-links")
                .then()
                .body("items[0].current", equalTo(true))
                .body("items[0].selfAuthorized", equalTo(true))
                .body("items[0].url", nullValue());
    }

    @Test
    void a_token_that_amazon_refuses_leaves_nothing() {
        paste("Atzr|wrong", ada.id()).statusCode(400).body("errors.field", contains("refreshToken"));
        String others = Amazon.selfAuthorize(ada, Registration.ofSellers().applicationId());
        paste(others, ada.id()).statusCode(503);
        assertThat(shop.state(connection)).isEqualTo("PENDING");
        admin().get("/api/connections/" + connection + "/history")
                .then()
                .body("items.kind", not(hasItem("SELF_AUTHORIZED")));
    }

    @Test
    void another_account_than_the_connections_is_refused_and_the_grant_stays() {
        paste(Amazon.selfAuthorize(ada, registration.applicationId()), ada.id()).statusCode(200);
        Seller bob = Amazon.nextSeller("EU");
        String bobs = Amazon.selfAuthorize(bob, registration.applicationId());
        paste(bobs, bob.id()).statusCode(409);
        paste(bobs, ada.id()).statusCode(409);
        assertThat(shop.<Integer>get(connection, "generation")).isEqualTo(1);
    }

    @Test
    void a_public_application_and_a_token_without_account_are_refused() {
        String token = Amazon.selfAuthorize(ada, registration.applicationId());
        paste(token, null).statusCode(400).body("errors.field", contains("accountId"));
        paste(token + " ", ada.id()).statusCode(400).body("detail", not(org.hamcrest.Matchers.containsString(token)));
        UUID open =
                Registration.connection(shop.tenant(), Registration.ofSellers().enter(), Map.of());
        admin().body(Map.of("refreshToken", token, "accountId", ada.id()))
                .post("/api/connections/" + open + "/self-authorization")
                .then()
                .statusCode(409);
        as("viewer", "*")
                .body(Map.of("refreshToken", token, "accountId", ada.id()))
                .post("/api/connections/" + connection + "/self-authorization")
                .then()
                .statusCode(403);
        as("operator", "other")
                .body(Map.of("refreshToken", token, "accountId", ada.id()))
                .post("/api/connections/" + connection + "/self-authorization")
                .then()
                .statusCode(404);
    }

    private ValidatableResponse paste(String token, String account) {
        Map<String, Object> body = new HashMap<>(Map.of("refreshToken", token));
        if (account != null) {
            body.put("accountId", account);
        }
        return admin().body(body)
                .post("/api/connections/" + connection + "/self-authorization")
                .then();
    }
}
