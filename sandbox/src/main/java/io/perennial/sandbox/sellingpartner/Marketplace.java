package io.perennial.sandbox.sellingpartner;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The 23 marketplaces; ids from Amazon's list of marketplace ids. India belongs to the EU region. */
public enum Marketplace {
    CA("A2EUQ1WTGCTBG2", Region.NA, "CAD", "en_CA", "amazon.ca"),
    US("ATVPDKIKX0DER", Region.NA, "USD", "en_US", "amazon.com"),
    MX("A1AM78C64UM0Y8", Region.NA, "MXN", "es_MX", "amazon.com.mx"),
    BR("A2Q3Y263D00KWC", Region.NA, "BRL", "pt_BR", "amazon.com.br"),
    IE("A28R8C7NBKEWEA", Region.EU, "EUR", "en_IE", "amazon.ie"),
    ES("A1RKKUPIHCS9HS", Region.EU, "EUR", "es_ES", "amazon.es"),
    GB("A1F83G8C2ARO7P", Region.EU, "GBP", "en_GB", "amazon.co.uk"),
    FR("A13V1IB3VIYZZH", Region.EU, "EUR", "fr_FR", "amazon.fr"),
    BE("AMEN7PMS3EDWL", Region.EU, "EUR", "fr_BE", "amazon.com.be"),
    NL("A1805IZSGTT6HS", Region.EU, "EUR", "nl_NL", "amazon.nl"),
    DE("A1PA6795UKMFR9", Region.EU, "EUR", "de_DE", "amazon.de"),
    IT("APJ6JRA9NG5V4", Region.EU, "EUR", "it_IT", "amazon.it"),
    SE("A2NODRKZP88ZB9", Region.EU, "SEK", "sv_SE", "amazon.se"),
    ZA("AE08WJ6YKNBMC", Region.EU, "ZAR", "en_ZA", "amazon.co.za"),
    PL("A1C3SOZRARQ6R3", Region.EU, "PLN", "pl_PL", "amazon.pl"),
    EG("ARBP9OOSHTCHU", Region.EU, "EGP", "ar_EG", "amazon.eg"),
    TR("A33AVAJ2PDY3EV", Region.EU, "TRY", "tr_TR", "amazon.com.tr"),
    SA("A17E79C6D8DWNP", Region.EU, "SAR", "ar_SA", "amazon.sa"),
    AE("A2VIGQ35RCS4UG", Region.EU, "AED", "en_AE", "amazon.ae"),
    IN("A21TJRUUN4KGV", Region.EU, "INR", "en_IN", "amazon.in"),
    SG("A19VAU5U5O7RUS", Region.FE, "SGD", "en_SG", "amazon.sg"),
    AU("A39IBJ37TRP1C6", Region.FE, "AUD", "en_AU", "amazon.com.au"),
    JP("A1VC38T7YXB528", Region.FE, "JPY", "ja_JP", "amazon.co.jp");

    private final String id;
    private final Region region;
    private final String currency;
    private final String language;
    private final String domain;

    Marketplace(String id, Region region, String currency, String language, String domain) {
        this.id = id;
        this.region = region;
        this.currency = currency;
        this.language = language;
        this.domain = domain;
    }

    public String id() {
        return id;
    }

    public Region region() {
        return region;
    }

    public String currency() {
        return currency;
    }

    public String language() {
        return language;
    }

    public String domain() {
        return domain;
    }

    public String title() {
        return "A" + domain.substring(1);
    }

    /** Orders of most marketplaces vanish from the Orders API after two years; of these three they stay from 2016 on. */
    public boolean keepsOrdersSince2016() {
        return List.of(JP, AU, SG).contains(this);
    }

    public static Optional<Marketplace> withId(String id) {
        return Arrays.stream(values())
                .filter(marketplace -> marketplace.id.equals(id))
                .findFirst();
    }

    /** By ISO code in any case; {@code uk} is Amazon's own habit for {@code gb}. */
    public static Optional<Marketplace> ofCountry(String country) {
        String code = country.toUpperCase(Locale.ROOT).equals("UK") ? "GB" : country.toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(marketplace -> marketplace.name().equals(code))
                .findFirst();
    }
}
