package io.perennial.sandbox.spapi;

import io.perennial.sandbox.sellingpartner.Region;
import io.perennial.sandbox.sellingpartner.SellingPartner;

/** On whose behalf a call is made, and at which regional endpoint. */
public record Caller(SellingPartner account, String applicationId, Region endpoint) {

    /** At another region's endpoint an account has nothing; Amazon then answers with empty lists. */
    public boolean isAtHome() {
        return account.region() == endpoint;
    }
}
