package io.perennial.console.words;

import io.perennial.contracts.Region;
import java.util.List;
import java.util.stream.Collectors;

/** Amazon's marketplaces with their ids, as Amazon's developer documentation lists them. */
public final class Marketplaces {

    public record Marketplace(String id, String country, Region region) {}

    public static final List<Marketplace> ALL = List.of(
            new Marketplace("ATVPDKIKX0DER", "United States", Region.NA),
            new Marketplace("A2EUQ1WTGCTBG2", "Canada", Region.NA),
            new Marketplace("A1AM78C64UM0Y8", "Mexico", Region.NA),
            new Marketplace("A2Q3Y263D00KWC", "Brazil", Region.NA),
            new Marketplace("A1PA6795UKMFR9", "Germany", Region.EU),
            new Marketplace("A1F83G8C2ARO7P", "United Kingdom", Region.EU),
            new Marketplace("A13V1IB3VIYZZH", "France", Region.EU),
            new Marketplace("APJ6JRA9NG5V4", "Italy", Region.EU),
            new Marketplace("A1RKKUPIHCS9HS", "Spain", Region.EU),
            new Marketplace("A1805IZSGTT6HS", "Netherlands", Region.EU),
            new Marketplace("AMEN7PMS3EDWL", "Belgium", Region.EU),
            new Marketplace("A28R8C7NBKEWEA", "Ireland", Region.EU),
            new Marketplace("A2NODRKZP88ZB9", "Sweden", Region.EU),
            new Marketplace("A1C3SOZRARQ6R3", "Poland", Region.EU),
            new Marketplace("A33AVAJ2PDY3EV", "Turkey", Region.EU),
            new Marketplace("A17E79C6D8DWNP", "Saudi Arabia", Region.EU),
            new Marketplace("A2VIGQ35RCS4UG", "United Arab Emirates", Region.EU),
            new Marketplace("ARBP9OOSHTCHU", "Egypt", Region.EU),
            new Marketplace("AE08WJ6YKNBMC", "South Africa", Region.EU),
            new Marketplace("A21TJRUUN4KGV", "India", Region.EU),
            new Marketplace("A1VC38T7YXB528", "Japan", Region.FE),
            new Marketplace("A39IBJ37TRP1C6", "Australia", Region.FE),
            new Marketplace("A19VAU5U5O7RUS", "Singapore", Region.FE));

    private Marketplaces() {}

    public static boolean isOf(String id, String region) {
        return ALL.stream().anyMatch(m -> m.id().equals(id) && m.region().name().equals(region));
    }

    /** Their countries in words; an id that is not known stands for itself. */
    public static String names(List<String> ids) {
        return ids.stream()
                .map(id -> ALL.stream()
                        .filter(m -> m.id().equals(id))
                        .map(Marketplace::country)
                        .findFirst()
                        .orElse(id))
                .collect(Collectors.joining(", "));
    }
}
