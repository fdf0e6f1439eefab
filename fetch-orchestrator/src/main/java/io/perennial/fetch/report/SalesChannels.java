package io.perennial.fetch.report;

import java.util.Locale;
import java.util.Map;

/** Which marketplace a report means by the name of a site (SP-API marketplace ids; India belongs to Europe). */
final class SalesChannels {
    /** As for an order of a search that names none: sold elsewhere, and only shipped by Amazon. */
    private static final String UNKNOWN = "UNKNOWN";

    private static final Map<String, String> MARKETPLACES = Map.ofEntries(
            Map.entry("amazon.ca", "A2EUQ1WTGCTBG2"),
            Map.entry("amazon.com", "ATVPDKIKX0DER"),
            Map.entry("amazon.com.mx", "A1AM78C64UM0Y8"),
            Map.entry("amazon.com.br", "A2Q3Y263D00KWC"),
            Map.entry("amazon.ie", "A28R8C7NBKEWEA"),
            Map.entry("amazon.es", "A1RKKUPIHCS9HS"),
            Map.entry("amazon.co.uk", "A1F83G8C2ARO7P"),
            Map.entry("amazon.fr", "A13V1IB3VIYZZH"),
            Map.entry("amazon.com.be", "AMEN7PMS3EDWL"),
            Map.entry("amazon.nl", "A1805IZSGTT6HS"),
            Map.entry("amazon.de", "A1PA6795UKMFR9"),
            Map.entry("amazon.it", "APJ6JRA9NG5V4"),
            Map.entry("amazon.se", "A2NODRKZP88ZB9"),
            Map.entry("amazon.co.za", "AE08WJ6YKNBMC"),
            Map.entry("amazon.pl", "A1C3SOZRARQ6R3"),
            Map.entry("amazon.eg", "ARBP9OOSHTCHU"),
            Map.entry("amazon.com.tr", "A33AVAJ2PDY3EV"),
            Map.entry("amazon.sa", "A17E79C6D8DWNP"),
            Map.entry("amazon.ae", "A2VIGQ35RCS4UG"),
            Map.entry("amazon.in", "A21TJRUUN4KGV"),
            Map.entry("amazon.sg", "A19VAU5U5O7RUS"),
            Map.entry("amazon.com.au", "A39IBJ37TRP1C6"),
            Map.entry("amazon.co.jp", "A1VC38T7YXB528"));

    private SalesChannels() {}

    static String marketplace(String channel) {
        return MARKETPLACES.getOrDefault(channel.toLowerCase(Locale.ROOT), UNKNOWN);
    }
}
