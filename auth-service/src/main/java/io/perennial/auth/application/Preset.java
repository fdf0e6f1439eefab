package io.perennial.auth.application;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an application has where nobody says otherwise: our return URL, to be registered at the provider, and the provider's
 * own addresses.
 *
 * @param redirectUri the return URL to copy
 * @param scope what consent is asked for, where the provider wants it named
 * @param authorizations the consent page of each region, where the provider has one for each
 * @param tokens the token endpoint of each region, where the provider has one for each
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Preset(
        Provider provider,
        String redirectUri,
        @Nullable String scope,
        @Nullable Map<Region, String> authorizations,
        String token,
        @Nullable Map<Region, String> tokens,
        Map<Region, String> api) {
    private static final String LWA = "https://api.amazon.com/auth/o2/token";
    private static final String ADS_SCOPE = "advertising::campaign_management";

    static Preset of(Provider provider, URI publicUrl) {
        return provider == Provider.AMAZON_ADS ? advertising(publicUrl) : sellingPartner(provider, publicUrl);
    }

    private static Preset sellingPartner(Provider provider, URI publicUrl) {
        return new Preset(
                provider,
                publicUrl.resolve("/oauth/amazon/callback").toString(),
                null,
                null,
                LWA,
                null,
                Map.of(
                        Region.NA, "https://sellingpartnerapi-na.amazon.com",
                        Region.EU, "https://sellingpartnerapi-eu.amazon.com",
                        Region.FE, "https://sellingpartnerapi-fe.amazon.com"));
    }

    private static Preset advertising(URI publicUrl) {
        return new Preset(
                Provider.AMAZON_ADS,
                publicUrl.resolve("/oauth/ads/callback").toString(),
                ADS_SCOPE,
                Map.of(
                        Region.NA, "https://www.amazon.com/ap/oa",
                        Region.EU, "https://eu.account.amazon.com/ap/oa",
                        Region.FE, "https://apac.account.amazon.com/ap/oa"),
                LWA,
                Map.of(
                        Region.NA, LWA,
                        Region.EU, "https://api.amazon.co.uk/auth/o2/token",
                        Region.FE, "https://api.amazon.co.jp/auth/o2/token"),
                Map.of(
                        Region.NA, "https://advertising-api.amazon.com",
                        Region.EU, "https://advertising-api-eu.amazon.com",
                        Region.FE, "https://advertising-api-fe.amazon.com"));
    }
}
