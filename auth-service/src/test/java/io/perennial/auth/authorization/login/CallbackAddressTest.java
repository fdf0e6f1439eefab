package io.perennial.auth.authorization.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.application.Marketplace;
import io.perennial.contracts.Region;
import java.net.URI;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CallbackAddressTest {
    private static final String REAL = "https://sellercentral.amazon.co.uk/apps/authorize/confirm/amzn1.sp.solution.1";
    private static final String MISCHIEF = "/\\@:#?%.;\t\r\n \u0000\u0430amzon-evilEVIL0[]";

    @ParameterizedTest
    @EnumSource(Marketplace.class)
    void every_central_site_and_every_shop_is_amazons(Marketplace marketplace) {
        for (String host : marketplace.centralHosts()) {
            assertThat(region(host)).as(host).isEqualTo(marketplace.region());
            if (!host.startsWith("sellercentral-europe.")) {
                String shop = host.substring(host.indexOf(".amazon.") + 1);
                assertThat(region(shop)).as(shop).isEqualTo(marketplace.region());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "amazon.com, NA",
        "sellercentral.amazon.com, NA",
        "sellercentral-europe.amazon.com, EU",
        "sellercentral.amazon.de, EU",
        "sellercentral.amazon.in, EU",
        "vendorcentral.amazon.co.jp, FE"
    })
    void the_region_comes_from_the_host(String host, Region region) {
        assertThat(region(host)).isEqualTo(region);
    }

    @ParameterizedTest
    @CsvSource({
        "amazon.com.evil",
        "evilamazon.com",
        "evil.amazon.com",
        "amazon.co",
        "AMAZON.COM",
        "amazon.com.",
        "amazon.com:443",
        "127.0.0.1"
    })
    void a_name_that_only_looks_like_amazons_is_none(String host) {
        CallbackAddress address = CallbackAddress.read("https://" + host + "/apps/authorize/confirm/app");
        assertThat(address == null || address.region() == null).as(host).isTrue();
    }

    /** Whatever is done to a real address: what is still taken for Amazon's leads to Amazon, by the strictest reading. */
    @Test
    void no_change_of_an_address_leads_elsewhere() {
        Random random = new Random(20_261_121);
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder(REAL);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(text.length());
                char with = MISCHIEF.charAt(random.nextInt(MISCHIEF.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, with);
                    case 1 -> text.setCharAt(at, with);
                    default -> text.deleteCharAt(at);
                }
            }
            CallbackAddress address = CallbackAddress.read(text.toString());
            if (address != null && address.region() != null) {
                URI uri = URI.create(address.text());
                assertThat(uri.getScheme()).as(address.text()).isEqualTo("https");
                assertThat(uri.getRawAuthority()).as(address.text()).isEqualTo(uri.getHost());
                assertThat(uri.getHost()).as(address.text()).matches("(sellercentral\\.)?amazon\\.co(m|\\.uk)");
                assertThat(uri.getRawPath()).isEqualTo("/apps/authorize/confirm/" + address.applicationId());
            }
        }
    }

    private static Region region(String host) {
        CallbackAddress address = CallbackAddress.read("https://" + host + "/apps/authorize/confirm/app");
        assertThat(address).as(host).isNotNull();
        return address.region();
    }
}
