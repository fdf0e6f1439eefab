package io.perennial.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.merchants.Seller;

/** Connections as an operator makes them and merchants authorize them. */
final class Connections {
    private Connections() {}

    /** Creates a connection that expects the seller's account. */
    static String create(House house, String tenant, String externalId, Seller seller, String mailbox) {
        return create(house, tenant, externalId, "AMAZON_SELLER", seller, mailbox);
    }

    static String create(
            House house, String tenant, String externalId, String provider, Seller seller, String mailbox) {
        return create(house, tenant, externalId, provider, seller, mailbox, "");
    }

    /** Creates a connection through an application that is not the provider's default. */
    static String create(House house, String tenant, Application application, Seller seller) {
        return create(house, tenant, tenant + "-1", application, seller, "owner@" + tenant + ".example");
    }

    static String create(
            House house, String tenant, String externalId, Application application, Seller seller, String mailbox) {
        String app = ",\"app\":\"" + application.id() + "\"";
        return create(house, tenant, externalId, "AMAZON_SELLER", seller, mailbox, app);
    }

    private static String create(
            House house,
            String tenant,
            String externalId,
            String provider,
            Seller seller,
            String mailbox,
            String more) {
        JsonNode created = house.auth("operator", tenant)
                .post(
                        "/api/connections",
                        """
                        {"tenantId":"%s","externalId":"%s","provider":"%s","region":"%s","label":"%s",
                         "marketplaces":[],"expectedAccountId":"%s",
                         "contacts":[{"name":"Ada Owner","email":"%s","locale":"en","order":1}]%s}
                        """
                                .formatted(
                                        tenant,
                                        externalId,
                                        provider,
                                        seller.region(),
                                        externalId,
                                        seller.id(),
                                        mailbox,
                                        more));
        return created.get("id").asText();
    }

    /** One link for so many connections. */
    static String link(House house, String... ids) {
        return house.auth("operator")
                .post("/api/consent-links", "{\"connections\":[\"" + String.join("\",\"", ids) + "\"]}")
                .get("url")
                .asText();
    }

    static String authorize(House house, String tenant, String externalId, Seller seller, String mailbox) {
        String id = create(house, tenant, externalId, seller, mailbox);
        renew(house, id, seller);
        return id;
    }

    /** By plain HTTP: what browsers are for is walked where a test is about it. */
    static void renew(House house, String id, Seller seller) {
        try (Merchant merchant = Merchant.byHttp()) {
            merchant.consent(link(house, id), seller);
        }
    }
}
