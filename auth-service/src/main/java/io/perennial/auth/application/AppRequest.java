package io.perennial.auth.application;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.perennial.auth.request.Fields;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.net.URI;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /api/apps}, and of {@code PATCH} where what is absent stays. */
public record AppRequest(
        @Nullable String name,
        @Nullable Provider provider,
        @Nullable String clientId,
        @Nullable String clientSecret,
        @Nullable Instant clientSecretExpiresAt,
        @Nullable String applicationId,
        @Nullable Boolean draft,
        @JsonProperty("private") @Nullable Boolean isPrivate,
        @JsonProperty("default") @Nullable Boolean isDefault,
        @Nullable String redirectUri,
        @Nullable String scope,
        @Nullable EndpointsRequest endpoints) {
    private static final int MAX_LINE = 200;

    private static final Pattern SCOPE = Pattern.compile("[a-z_:]{3,80}( [a-z_:]{3,80}){0,4}");

    /**
     * Addresses that differ from Amazon's.
     *
     * @param authorization one text for all consent pages, {@code {country}} or (advertising) {@code {region}} standing
     *     for the place
     * @param token one text for all token endpoints; advertising: with {@code {region}}
     * @param authorizations advertising: the consent page of each region
     * @param tokens advertising: the token endpoint of each region
     * @param consentSites sellers and vendors: the site of single marketplaces, by Amazon's id
     */
    public record EndpointsRequest(
            @Nullable String authorization,
            @Nullable String token,
            @Nullable Map<Region, String> authorizations,
            @Nullable Map<Region, String> tokens,
            @Nullable Map<Region, String> api,
            @Nullable Map<String, String> consentSites) {

        private Stream<String> named() {
            return Stream.of(
                            present("endpoints.authorization", authorization),
                            present("endpoints.token", token),
                            presentEach("endpoints.authorizations", authorizations),
                            presentEach("endpoints.tokens", tokens),
                            presentEach("endpoints.api", api),
                            presentEach("endpoints.consentSites", consentSites))
                    .flatMap(names -> names);
        }
    }

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
                        clientSecret + (clientSecretExpiresAt == null ? "" : "\n" + clientSecretExpiresAt),
                        String.valueOf(applicationId),
                        String.valueOf(draft),
                        String.valueOf(isPrivate),
                        String.valueOf(isDefault),
                        String.valueOf(redirectUri),
                        String.valueOf(scope),
                        String.valueOf(endpoints)));
    }

    /** The names of the fields that the request has, without anything that they hold: the trail tells what was set. */
    List<String> named() {
        return Stream.of(
                        present("name", name),
                        present("clientId", clientId),
                        present("clientSecret", clientSecret),
                        present("clientSecretExpiresAt", clientSecretExpiresAt),
                        present("applicationId", applicationId),
                        present("draft", draft),
                        present("private", isPrivate),
                        present("default", isDefault),
                        present("redirectUri", redirectUri),
                        present("scope", scope),
                        endpoints == null ? Stream.<String>empty() : endpoints.named())
                .flatMap(names -> names)
                .toList();
    }

    private static Stream<String> present(String field, @Nullable Object value) {
        return Stream.ofNullable(value).map(there -> field);
    }

    /** An empty map empties what was set before. */
    private static Stream<String> presentEach(String field, @Nullable Map<?, String> entries) {
        return entries == null || entries.isEmpty()
                ? present(field, entries)
                : entries.keySet().stream().map(key -> field + "." + key).sorted();
    }

    void checkNew(boolean loopback) {
        Fields fields = new Fields();
        fields.required("name", name);
        fields.required("provider", provider);
        fields.required("clientId", clientId);
        fields.required("clientSecret", clientSecret);
        if (provider != Provider.AMAZON_ADS) {
            fields.required("applicationId", applicationId);
            rejectAdvertising(fields);
        }
        check(fields, loopback);
    }

    void checkChange(Provider of, boolean loopback) {
        Fields fields = new Fields();
        if (provider != null) {
            fields.reject("provider", "can not be changed");
        }
        if (of != Provider.AMAZON_ADS) {
            rejectAdvertising(fields);
        }
        check(fields, loopback);
    }

    private void check(Fields fields, boolean loopback) {
        fields.optionalLine("name", name, MAX_LINE);
        fields.optionalLine("clientId", clientId, MAX_LINE);
        fields.optionalLine("clientSecret", clientSecret, SecretRequest.MAX_SECRET);
        if (clientSecretExpiresAt != null && clientSecret == null) {
            fields.reject("clientSecretExpiresAt", "goes with a clientSecret");
        }
        fields.optionalLine("applicationId", applicationId, MAX_LINE);
        fields.optionalUrl("redirectUri", redirectUri, loopback);
        fields.optionalMatch("scope", scope, SCOPE, "must be scopes, separated by one blank");
        if (endpoints != null) {
            fields.optionalCalledUrl("endpoints.authorization", filled(endpoints.authorization()), loopback);
            checkRegional(
                    fields,
                    "endpoints.authorizations",
                    endpoints.authorizations(),
                    (field, url) -> fields.optionalCalledUrl(field, url, loopback));
            checkSites(fields, endpoints.consentSites(), loopback);
            checkShown(fields, "endpoints.token", filled(endpoints.token()), loopback);
            BiConsumer<String, String> shown = (field, url) -> checkShown(fields, field, url, loopback);
            checkRegional(fields, "endpoints.tokens", endpoints.tokens(), shown);
            checkRegional(fields, "endpoints.api", endpoints.api(), shown);
        }
        fields.verify();
    }

    private static void checkRegional(
            Fields fields, String field, @Nullable Map<Region, String> addresses, BiConsumer<String, String> check) {
        if (addresses != null) {
            addresses.forEach((region, url) -> {
                fields.required(field + "." + region, url);
                check.accept(field + "." + region, url);
            });
        }
    }

    /** An address that is shown secrets, codes or tokens: outside the sandbox one of the provider's own hosts. */
    private static void checkShown(Fields fields, String field, @Nullable String url, boolean sandbox) {
        fields.optionalCalledUrl(field, url, sandbox);
        if (!sandbox && url != null && !fields.rejects(field) && !AmazonHosts.mayBeShown(field, URI.create(url))) {
            fields.reject(field, AmazonHosts.advice(field));
        }
    }

    private static void checkSites(Fields fields, @Nullable Map<String, String> sites, boolean loopback) {
        if (sites != null) {
            sites.forEach((marketplace, url) -> {
                String field = "endpoints.consentSites." + marketplace;
                if (Marketplace.ofId(marketplace).isEmpty()) {
                    fields.reject("endpoints.consentSites", "must name marketplaces by Amazon's id");
                }
                fields.required(field, url);
                fields.optionalCalledUrl(field, url, loopback);
            });
        }
    }

    private static @Nullable String filled(@Nullable String template) {
        return template == null ? null : template.replace("{country}", "de").replace("{region}", "eu");
    }

    private void rejectAdvertising(Fields fields) {
        String message = "is for " + Provider.AMAZON_ADS + " alone";
        if (scope != null) {
            fields.reject("scope", message);
        }
        if (endpoints != null && endpoints.authorizations() != null) {
            fields.reject("endpoints.authorizations", message);
        }
        if (endpoints != null && endpoints.tokens() != null) {
            fields.reject("endpoints.tokens", message);
        }
    }

    void applyTo(App app) {
        app.name = or(name, app.name);
        app.clientId = or(clientId, app.clientId);
        app.applicationId = or(applicationId, app.applicationId);
        app.draft = or(draft, app.draft);
        app.isPrivate = or(isPrivate, app.isPrivate);
        app.isDefault = or(isDefault, app.isDefault);
        app.redirectUri = or(redirectUri, app.redirectUri);
        app.scope = or(scope, app.scope);
        if (endpoints != null) {
            app.setApi(given(endpoints.api()));
            if (app.provider == Provider.AMAZON_ADS) {
                app.setAuthorizations(given(inEachRegion(endpoints.authorization(), endpoints.authorizations())));
                app.setTokens(given(inEachRegion(endpoints.token(), endpoints.tokens())));
            } else {
                app.authorizationEndpoint = or(endpoints.authorization(), app.authorizationEndpoint);
                app.tokenEndpoint = or(endpoints.token(), app.tokenEndpoint);
                if (endpoints.consentSites() != null) {
                    app.setConsentSites(endpoints.consentSites());
                }
            }
        }
    }

    private static Map<Region, String> given(@Nullable Map<Region, String> addresses) {
        return addresses == null ? Map.of() : addresses;
    }

    /** The text with each region's name put in, unless that region has an address of its own. */
    private static Map<Region, String> inEachRegion(@Nullable String template, @Nullable Map<Region, String> own) {
        Map<Region, String> addresses = new EnumMap<>(Region.class);
        if (template != null) {
            for (Region region : Region.values()) {
                addresses.put(region, template.replace("{region}", region.name().toLowerCase(Locale.ROOT)));
            }
        }
        addresses.putAll(given(own));
        return addresses;
    }

    /** A new application with Amazon's addresses where the request names none. */
    App toApp(URI publicUrl) {
        Preset preset = Preset.of(Objects.requireNonNull(provider), publicUrl);
        App app = new App();
        app.provider = provider;
        // Advertising names itself by its client id.
        app.applicationId = clientId;
        app.redirectUri = preset.redirectUri();
        app.tokenEndpoint = preset.token();
        app.scope = preset.scope();
        app.setAuthorizations(given(preset.authorizations()));
        app.setTokens(given(preset.tokens()));
        app.setApi(preset.api());
        applyTo(app);
        return app;
    }

    private static <T> T or(@Nullable T given, T kept) {
        return given == null ? kept : given;
    }
}
