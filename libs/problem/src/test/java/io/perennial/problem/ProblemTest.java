package io.perennial.problem;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class ProblemTest {
    enum Colour {
        RED,
        GREEN
    }

    record Person(@NotBlank @Size(max = 5) String name) {}

    record Order(
            @NotBlank(message = "is required") String id,
            Colour colour,
            Instant at,
            Integer count,
            @NotNull @Valid List<@Valid Person> people) {}

    @Path("/orders")
    public static class Orders {
        @POST
        @Consumes("application/json")
        public String create(@Valid @NotNull Order order) {
            return order.id();
        }

        @GET
        @Path("/broken")
        public String broken() {
            throw new IllegalStateException("secret-of-the-house");
        }

        @GET
        @Path("/absent")
        public String absent() {
            throw ProblemException.notFound();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"1\",\"colur\":\"RED\",\"people\":[]} | colur | is not a known field",
                "{\"id\":\"1\",\"colour\":\"BLUE\",\"people\":[]} | colour | must be one of RED, GREEN",
                "{\"id\":\"1\",\"at\":\"yesterday\",\"people\":[]} | at | must be an ISO-8601 instant such as 2026-01-31T12:00:00Z",
                "{\"id\":\"1\",\"count\":\"many\",\"people\":[]} | count | must be a number",
                "{\"id\":7,\"people\":[]} | id | must be a text",
                "{\"people\":[]} | id | is required",
                "{\"id\":\"1\",\"people\":[{\"name\":\"far too long\"}]} | people[0].name | size must be between 0 and 5",
                "{\"id\":\"1\",\"id\":\"2\",\"people\":[]} | body | holds a field twice",
                "{\"id\":\"1\" | body | is not valid JSON",
                "`` | body | is required",
                "null | body | is required",
            })
    void bad_field_is_named_with_its_remedy(String body, String field, String message) {
        given().contentType("application/json")
                .body(body)
                .post("/orders")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("INVALID_REQUEST"))
                .body("errors[0].field", equalTo(field))
                .body("errors[0].message", equalTo(message));
    }

    @Test
    void fault_is_told_as_one_opaque_problem() {
        given().get("/orders/broken")
                .then()
                .statusCode(500)
                .contentType("application/problem+json")
                .body("code", equalTo("INTERNAL"))
                .body("retryable", equalTo(true))
                .body(not(containsString("secret-of-the-house")));
    }

    @Test
    void thrown_problem_keeps_its_code() {
        given().get("/orders/absent").then().statusCode(404).body("code", equalTo("NOT_FOUND"));
    }

    @Test
    void unknown_path_and_wrong_method_are_problems_too() {
        given().get("/nowhere").then().statusCode(404);
        given().delete("/orders").then().statusCode(405);
    }
}
