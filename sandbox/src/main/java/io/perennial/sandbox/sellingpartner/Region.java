package io.perennial.sandbox.sellingpartner;

import java.util.Arrays;
import java.util.Optional;

/** One consent, one endpoint and one set of marketplaces each. */
public enum Region {
    NA("North America"),
    EU("Europe"),
    FE("Far East");

    private final String title;

    Region(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    public static Optional<Region> named(String name) {
        return Arrays.stream(values())
                .filter(region -> region.name().equalsIgnoreCase(name))
                .findFirst();
    }
}
