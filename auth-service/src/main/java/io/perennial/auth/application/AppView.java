package io.perennial.auth.application;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An application as others see it: without its secrets.
 *
 * @param suspendedAt since when nothing of it is used; absent: it is in use
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AppView(
        UUID id,
        String name,
        Provider provider,
        String clientId,
        String applicationId,
        boolean draft,
        @JsonProperty("private") boolean isPrivate,
        @JsonProperty("default") boolean isDefault,
        String redirectUri,
        @Nullable String scope,
        Endpoints endpoints,
        @Nullable Instant suspendedAt) {

    /**
     * The provider's addresses.
     *
     * @param authorization where consent pages start, {@code {country}} standing for the country; absent: Amazon's hosts
     * @param authorizations the consent page of each region, where the provider has one for each
     * @param tokens the token endpoint of each region, where the provider has one for each
     * @param consentSites sites of single marketplaces, by Amazon's id, that go before everything else
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Endpoints(
            @Nullable String authorization,
            String token,
            @Nullable Map<Region, String> authorizations,
            @Nullable Map<Region, String> tokens,
            @Nullable Map<Region, String> api,
            @Nullable Map<String, String> consentSites) {}

    /** Whether nothing of it may be used. */
    public boolean suspended() {
        return suspendedAt != null;
    }

    /** The provider's API in a region. */
    public String api(Region region) {
        return regional(endpoints.api(), region);
    }

    /** Where tokens of a region are asked for. */
    public String token(Region region) {
        return endpoints.tokens() == null ? endpoints.token() : regional(endpoints.tokens(), region);
    }

    /** The consent page of a region, where the provider has one for each. */
    public String authorization(Region region) {
        return regional(endpoints.authorizations(), region);
    }

    private String regional(@Nullable Map<Region, String> addresses, Region region) {
        String address = addresses == null ? null : addresses.get(region);
        if (address == null) {
            throw new IllegalStateException("App " + id + " has no such address for " + region);
        }
        return address;
    }

    /** Where the consent pages of a marketplace start. */
    public String authorizationBase(Marketplace marketplace) {
        String own = endpoints.consentSites() == null
                ? null
                : endpoints.consentSites().get(marketplace.id());
        if (own != null) {
            return own;
        }
        if (endpoints.authorization() != null) {
            return endpoints.authorization().replace("{country}", marketplace.pathSegment());
        }
        return "https://" + (provider == Provider.AMAZON_VENDOR ? marketplace.vendorHost() : marketplace.sellerHost());
    }
}
