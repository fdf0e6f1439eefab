package io.perennial.auth.application;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An application as others see it: without its secret. */
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
        Endpoints endpoints) {

    /**
     * The provider's addresses.
     *
     * @param authorization where consent pages start, {@code {country}} standing for the country; absent: Amazon's hosts
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Endpoints(@Nullable String authorization, String token, Map<Region, String> api) {}

    /** The provider's API in a region. */
    public String api(Region region) {
        String endpoint = endpoints.api().get(region);
        if (endpoint == null) {
            throw new IllegalStateException("App " + id + " has no API address for " + region);
        }
        return endpoint;
    }

    /** Where the consent pages of a marketplace start. */
    public String authorizationBase(Marketplace marketplace) {
        if (endpoints.authorization() != null) {
            return endpoints.authorization().replace("{country}", marketplace.pathSegment());
        }
        String host =
                provider == Provider.AMAZON_VENDOR && isPrivate ? marketplace.vendorHost() : marketplace.sellerHost();
        return "https://" + host;
    }
}
