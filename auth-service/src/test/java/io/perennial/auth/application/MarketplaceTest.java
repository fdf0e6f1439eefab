package io.perennial.auth.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MarketplaceTest {
    @Test
    void all_twenty_three_marketplaces_are_in_their_regions() {
        assertThat(Arrays.stream(Marketplace.values())
                        .collect(Collectors.groupingBy(Marketplace::region, Collectors.counting())))
                .isEqualTo(Map.of(Region.NA, 4L, Region.EU, 16L, Region.FE, 3L));
        assertThat(Marketplace.ofId("A21TJRUUN4KGV")).contains(Marketplace.IN);
        assertThat(Marketplace.IN.region()).isEqualTo(Region.EU);
    }

    @ParameterizedTest
    @EnumSource(Marketplace.class)
    void every_marketplace_has_a_central_site(Marketplace marketplace) {
        assertThat(app(Provider.AMAZON_SELLER, null).authorizationBase(marketplace))
                .startsWith("https://sellercentral")
                .contains(".amazon.");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "AMAZON_SELLER, -, https://sellercentral-europe.amazon.com",
                "AMAZON_VENDOR, -, https://vendorcentral.amazon.de",
                "AMAZON_SELLER, http://127.0.0.1:8090/seller-central/{country}, http://127.0.0.1:8090/seller-central/de"
            })
    void the_site_follows_the_provider_unless_the_application_names_one(
            Provider provider, String authorization, String expected) {
        assertThat(app(provider, authorization).authorizationBase(Marketplace.DE))
                .isEqualTo(expected);
    }

    private static AppView app(Provider provider, String authorization) {
        return new AppView(
                new UUID(0, 1),
                "app",
                provider,
                "client",
                "application",
                false,
                false,
                true,
                "https://perennial.example/oauth/amazon/callback",
                null,
                new AppView.Endpoints(
                        authorization, "https://api.amazon.com/auth/o2/token", null, null, Map.of(), null),
                null);
    }
}
