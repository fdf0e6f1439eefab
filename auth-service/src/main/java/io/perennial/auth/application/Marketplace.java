package io.perennial.auth.application;

import io.perennial.contracts.Region;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Amazon's marketplaces with their ids and central hosts, after Amazon's pages "Marketplace IDs" and "Seller Central URLs"
 * (read 2026-11-21); where those name no host, the one that Amazon's own sign-in pages use today.
 */
public enum Marketplace {
    CA("A2EUQ1WTGCTBG2", Region.NA, "sellercentral.amazon.ca", "vendorcentral.amazon.ca"),
    US("ATVPDKIKX0DER", Region.NA, "sellercentral.amazon.com", "vendorcentral.amazon.com"),
    MX("A1AM78C64UM0Y8", Region.NA, "sellercentral.amazon.com.mx", "vendorcentral.amazon.com.mx"),
    BR("A2Q3Y263D00KWC", Region.NA, "sellercentral.amazon.com.br", "vendorcentral.amazon.com.br"),
    IE("A28R8C7NBKEWEA", Region.EU, "sellercentral.amazon.ie", "vendorcentral.amazon.ie"),
    ES("A1RKKUPIHCS9HS", Region.EU, "sellercentral-europe.amazon.com", "vendorcentral.amazon.es"),
    UK("A1F83G8C2ARO7P", Region.EU, "sellercentral-europe.amazon.com", "vendorcentral.amazon.co.uk"),
    FR("A13V1IB3VIYZZH", Region.EU, "sellercentral-europe.amazon.com", "vendorcentral.amazon.fr"),
    BE("AMEN7PMS3EDWL", Region.EU, "sellercentral.amazon.com.be", "vendorcentral.amazon.com.be"),
    NL("A1805IZSGTT6HS", Region.EU, "sellercentral.amazon.nl", "vendorcentral.amazon.nl"),
    DE("A1PA6795UKMFR9", Region.EU, "sellercentral-europe.amazon.com", "vendorcentral.amazon.de"),
    IT("APJ6JRA9NG5V4", Region.EU, "sellercentral-europe.amazon.com", "vendorcentral.amazon.it"),
    SE("A2NODRKZP88ZB9", Region.EU, "sellercentral.amazon.se", "vendorcentral.amazon.se"),
    ZA("AE08WJ6YKNBMC", Region.EU, "sellercentral.amazon.co.za", "vendorcentral.amazon.co.za"),
    PL("A1C3SOZRARQ6R3", Region.EU, "sellercentral.amazon.pl", "vendorcentral.amazon.pl"),
    EG("ARBP9OOSHTCHU", Region.EU, "sellercentral.amazon.eg", "vendorcentral.amazon.me"),
    TR("A33AVAJ2PDY3EV", Region.EU, "sellercentral.amazon.com.tr", "vendorcentral.amazon.com.tr"),
    SA("A17E79C6D8DWNP", Region.EU, "sellercentral.amazon.sa", "vendorcentral.amazon.me"),
    AE("A2VIGQ35RCS4UG", Region.EU, "sellercentral.amazon.ae", "vendorcentral.amazon.me"),
    IN("A21TJRUUN4KGV", Region.EU, "sellercentral.amazon.in", "vendorcentral.amazon.in"),
    SG("A19VAU5U5O7RUS", Region.FE, "sellercentral.amazon.sg", "vendorcentral.amazon.com.sg"),
    AU("A39IBJ37TRP1C6", Region.FE, "sellercentral.amazon.com.au", "vendorcentral.amazon.com.au"),
    JP("A1VC38T7YXB528", Region.FE, "sellercentral.amazon.co.jp", "vendorcentral.amazon.co.jp");

    private static final Map<String, Marketplace> BY_ID =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(m -> m.id, Function.identity()));

    private final String id;
    private final Region region;
    private final String sellerHost;
    private final String vendorHost;

    Marketplace(String id, Region region, String sellerHost, String vendorHost) {
        this.id = id;
        this.region = region;
        this.sellerHost = sellerHost;
        this.vendorHost = vendorHost;
    }

    public String id() {
        return id;
    }

    public Region region() {
        return region;
    }

    String sellerHost() {
        return sellerHost;
    }

    String vendorHost() {
        return vendorHost;
    }

    /** The sites on which merchants of this marketplace authorize. */
    public List<String> centralHosts() {
        return List.of(sellerHost, vendorHost);
    }

    /** The country code as addresses carry it. */
    String pathSegment() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The marketplace with Amazon's id. */
    public static Optional<Marketplace> ofId(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }

    /** Where a region's consent is asked when a connection names no marketplace. */
    public static Marketplace defaultOf(Region region) {
        return switch (region) {
            case NA -> US;
            case EU -> DE;
            case FE -> JP;
        };
    }
}
