package io.perennial.auth.token.amazon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.perennial.auth.application.AppView;
import io.perennial.auth.token.amazon.ProviderHttp.Answer;
import io.perennial.contracts.Region;
import io.perennial.secret.AccessToken;
import io.perennial.secret.SecretAccess;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The profiles operation of the Ads API: the only one that tells whom an advertising token belongs to. */
@ApplicationScoped
public class ProfilesClient {
    private static final String PATH = "/v2/profiles";

    /** Room for the 5,000 profiles that one answer can have. */
    private static final int MAX_ANSWER = 4 * 1024 * 1024;

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final ProviderHttp http;

    ProfilesClient(ProviderHttp http) {
        this.http = http;
    }

    /** The profiles that the token may edit in a region. */
    public Uni<ProfileListing> profiles(AppView app, Region region, AccessToken token) {
        Map<String, String> headers = Map.of(
                "authorization",
                "Bearer " + token.reveal(SecretAccess.forTheWire()),
                "amazon-advertising-api-clientid",
                app.clientId());
        return http.get(app.api(region) + PATH, headers, MAX_ANSWER)
                .map(ProfilesClient::read)
                .onFailure()
                .recoverWithItem(new ProfileListing.Unknown());
    }

    static ProfileListing read(Answer answer) {
        if (answer.status() != 200 || !answer.json()) {
            return new ProfileListing.Unknown();
        }
        try {
            JsonNode array = JSON.readTree(answer.body().getBytes());
            return array != null && array.isArray() ? listing(array) : new ProfileListing.Unknown();
        } catch (IOException e) {
            return new ProfileListing.Unknown();
        }
    }

    private static ProfileListing listing(JsonNode array) {
        Map<String, AdvertisingProfile> found = new LinkedHashMap<>();
        for (JsonNode one : array) {
            JsonNode id = one.path("profileId");
            // A number with a fraction or exponent has lost its digits on the way: better no answer than a wrong
            // profile.
            if (!id.isIntegralNumber() || id.bigIntegerValue().signum() <= 0) {
                return new ProfileListing.Unknown();
            }
            AdvertisingProfile profile = profile(id.bigIntegerValue().toString(), one);
            found.put(profile.id(), profile);
        }
        return new ProfileListing.Known(List.copyOf(found.values()));
    }

    private static AdvertisingProfile profile(String id, JsonNode one) {
        JsonNode account = one.path("accountInfo");
        return new AdvertisingProfile(
                id,
                text(one, "countryCode"),
                text(one, "currencyCode"),
                text(one, "timezone"),
                text(account, "marketplaceStringId"),
                text(account, "id"),
                text(account, "name"),
                text(account, "type"));
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isTextual() ? AccountName.of(value.textValue()) : null;
    }
}
