package io.perennial.auth.application;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.perennial.auth.request.Fields;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /api/apps}, and of {@code PATCH} where what is absent stays. */
public record AppRequest(
        @Nullable String name,
        @Nullable Provider provider,
        @Nullable String clientId,
        @Nullable String clientSecret,
        @Nullable String applicationId,
        @Nullable Boolean draft,
        @JsonProperty("private") @Nullable Boolean isPrivate,
        @JsonProperty("default") @Nullable Boolean isDefault,
        @Nullable String redirectUri,
        @Nullable EndpointsRequest endpoints) {
    private static final int MAX_LINE = 200;
    /** Amazon's tokens and secrets are at most 2,048 bytes. */
    private static final int MAX_SECRET = 2_048;

    private static final String TOKEN_ENDPOINT = "https://api.amazon.com/auth/o2/token";
    private static final Map<Region, String> API = Map.of(
            Region.NA, "https://sellingpartnerapi-na.amazon.com",
            Region.EU, "https://sellingpartnerapi-eu.amazon.com",
            Region.FE, "https://sellingpartnerapi-fe.amazon.com");

    /** Addresses that differ from Amazon's. */
    public record EndpointsRequest(
            @Nullable String authorization, @Nullable String token, @Nullable Map<Region, String> api) {}

    /** The secret stays out of every print. */
    @Override
    public String toString() {
        return "AppRequest[" + name + "]";
    }

    /** All of it, for the hash that recognises a repeated request. */
    String fingerprint() {
        return String.join(
                "\n",
                List.of(
                        String.valueOf(name),
                        String.valueOf(provider),
                        String.valueOf(clientId),
                        String.valueOf(clientSecret),
                        String.valueOf(applicationId),
                        String.valueOf(draft),
                        String.valueOf(isPrivate),
                        String.valueOf(isDefault),
                        String.valueOf(redirectUri),
                        String.valueOf(endpoints)));
    }

    void checkNew(boolean loopback) {
        Fields fields = new Fields();
        fields.required("name", name);
        fields.required("provider", provider);
        fields.required("clientId", clientId);
        fields.required("clientSecret", clientSecret);
        fields.required("applicationId", applicationId);
        fields.required("redirectUri", redirectUri);
        check(fields, loopback);
    }

    void checkChange(boolean loopback) {
        Fields fields = new Fields();
        if (provider != null) {
            fields.reject("provider", "can not be changed");
        }
        check(fields, loopback);
    }

    private void check(Fields fields, boolean loopback) {
        fields.optionalLine("name", name, MAX_LINE);
        fields.optionalLine("clientId", clientId, MAX_LINE);
        fields.optionalLine("clientSecret", clientSecret, MAX_SECRET);
        fields.optionalLine("applicationId", applicationId, MAX_LINE);
        fields.optionalUrl("redirectUri", redirectUri, loopback);
        if (provider == Provider.AMAZON_ADS) {
            fields.reject("provider", "AMAZON_ADS is not offered yet");
        }
        if (endpoints != null) {
            if (endpoints.authorization() != null) {
                fields.optionalUrl(
                        "endpoints.authorization", endpoints.authorization().replace("{country}", "de"), loopback);
            }
            fields.optionalUrl("endpoints.token", endpoints.token(), loopback);
            if (endpoints.api() != null) {
                endpoints.api().forEach((region, url) -> {
                    fields.required("endpoints.api." + region, url);
                    fields.optionalUrl("endpoints.api." + region, url, loopback);
                });
            }
        }
        fields.verify();
    }

    void applyTo(App app) {
        app.name = or(name, app.name);
        app.clientId = or(clientId, app.clientId);
        app.applicationId = or(applicationId, app.applicationId);
        app.draft = or(draft, app.draft);
        app.isPrivate = or(isPrivate, app.isPrivate);
        app.isDefault = or(isDefault, app.isDefault);
        app.redirectUri = or(redirectUri, app.redirectUri);
        if (endpoints != null) {
            app.authorizationEndpoint = or(endpoints.authorization(), app.authorizationEndpoint);
            app.tokenEndpoint = or(endpoints.token(), app.tokenEndpoint);
        }
        Map<Region, String> api = new EnumMap<>(Region.class);
        if (endpoints != null && endpoints.api() != null) {
            api.putAll(endpoints.api());
        }
        app.apiNa = or(api.get(Region.NA), app.apiNa);
        app.apiEu = or(api.get(Region.EU), app.apiEu);
        app.apiFe = or(api.get(Region.FE), app.apiFe);
    }

    /** A new application with Amazon's addresses where the request names none. */
    App toApp() {
        App app = new App();
        app.provider = provider;
        app.tokenEndpoint = TOKEN_ENDPOINT;
        app.apiNa = API.get(Region.NA);
        app.apiEu = API.get(Region.EU);
        app.apiFe = API.get(Region.FE);
        app.secretVersion = 1;
        applyTo(app);
        return app;
    }

    private static <T> T or(@Nullable T given, T kept) {
        return given == null ? kept : given;
    }
}
