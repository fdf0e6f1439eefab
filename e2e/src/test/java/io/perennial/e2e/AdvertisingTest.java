package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.merchants.Seller;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** An advertiser's way in: consent at Login with Amazon, choice of a profile, and a clock of its own. */
@Order(2)
class AdvertisingTest {
    @Test
    void an_advertiser_consents_chooses_a_profile_and_is_watched() {
        House house = House.shared();
        Seller seller = Seller.of(house.sandbox(), "EU", 3);
        JsonNode created = house.auth("operator", "acme")
                .post(
                        "/api/connections",
                        """
                        {"tenantId":"acme","externalId":"ads-1","provider":"AMAZON_ADS","region":"EU","label":"Ads 1",
                         "contacts":[{"name":"Ada Owner","email":"owner@ads.example","locale":"en","order":1}]}
                        """);
        String id = created.get("id").asText();
        try (Merchant merchant = new Merchant()) {
            merchant.open(Connections.link(house, id)).signIn(seller).confirm().acceptStore();
            assertThat(merchant.page().text()).contains("Choose what to connect", seller.name());
            assertThat(house.connection(id).get("setup").toString()).contains("CHOOSE_PROFILE");

            merchant.page().tick("input[name=profile]");
            merchant.page().press("#choose-profiles");
            merchant.connected();
        }
        assertThat(house.connection(id).get("setup").toString()).doesNotContain("CHOOSE_PROFILE");
        JsonNode profile = house.auth("viewer", "acme")
                .get("/api/connections/" + id + "/profiles")
                .get("items")
                .get(0);
        assertThat(profile.get("chosen").asBoolean()).isTrue();
        assertThat(Long.parseLong(profile.get("profileId").asText())).isGreaterThan(1L << 53);
        LocalDate today = house.now().atZone(ZoneOffset.UTC).toLocalDate();
        await("the first snapshot of the chosen profile")
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> {
                    JsonNode day = house.fetch("viewer", "acme")
                            .get("/api/load-status?connection=" + id + "&from=" + today + "&to=" + today)
                            .at("/connections/0/days/0");
                    assertThat(day.path("status").asText()).as(day.toString()).isEqualTo("COMPLETE");
                    assertThat(day.path("profiles").asInt()).isPositive();
                });
        await("the expiry of the advertising grant")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> house.monitor("viewer", "acme")
                        .get("/api/expiries?withinDays=366&limit=200")
                        .toString()
                        .contains(id));
    }
}
