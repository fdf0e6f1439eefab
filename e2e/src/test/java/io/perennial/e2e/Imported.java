package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.contracts.Provider;
import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.AtOnce;
import io.perennial.merchants.Seller;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Connections that an integrator brings along from elsewhere: many in one request. */
final class Imported {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Imported() {}

    /**
     * Imports a connection of each seller, with a token that the provider issued.
     *
     * @param coveredUntil up to where the integrator has the orders already; null if he has none
     * @return ids of the connections by account, with those that the tenant had before
     */
    static Map<String, String> bring(
            House house, String tenant, List<Seller> sellers, Instant grantedAt, Instant coveredUntil) {
        String application = Shops.application(house).get("applicationId").asText();
        List<String> lines = AtOnce.each(sellers, seller -> {
            ObjectNode line = JSON.createObjectNode()
                    .put("tenantId", tenant)
                    .put("externalId", seller.email())
                    .put("provider", Provider.AMAZON_SELLER.name())
                    .put("region", seller.region())
                    .put("accountId", seller.id())
                    .put("grantedAt", grantedAt.toString())
                    .put("refreshToken", Application.token(house, seller, application));
            if (coveredUntil != null) {
                line.put("coveredUntil", coveredUntil.toString());
            }
            line.putArray("contacts").addObject().put("name", seller.name()).put("email", seller.email());
            return line.toString();
        });
        JsonNode run = house.auth("operator", tenant)
                .lines("/api/imports?name=" + tenant + "-" + sellers.get(0).id(), String.join("\n", lines));
        assertThat(run.get("imported").asInt()).as(run.toString()).isEqualTo(sellers.size());
        return connections(house, tenant);
    }

    /** Ids of a tenant's connections by account. */
    static Map<String, String> connections(House house, String tenant) {
        Map<String, String> ids = new HashMap<>();
        try (Connection database = house.database(StackService.AUTH_SERVICE);
                ResultSet rows = database.createStatement()
                        .executeQuery(
                                "select account_id, id::text from connection where tenant_id = '" + tenant + "'")) {
            while (rows.next()) {
                ids.put(rows.getString(1), rows.getString(2));
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return ids;
    }
}
