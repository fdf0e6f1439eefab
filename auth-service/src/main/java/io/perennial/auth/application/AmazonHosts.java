package io.perennial.auth.application;

import io.perennial.contracts.Provider;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The hosts that are shown client secrets, codes and tokens: the provider's own, which every application is preset with, and
 * its static sandbox. Whoever could name another one would be sent all of them.
 */
final class AmazonHosts {
    private static final URI ANYWHERE = URI.create("https://perennial.invalid/");

    private static final SortedSet<String> TOKEN = hosts(presets()
            .flatMap(preset -> Stream.concat(
                    Stream.of(preset.token()),
                    Stream.ofNullable(preset.tokens()).flatMap(tokens -> tokens.values().stream()))));

    private static final SortedSet<String> API = hosts(presets().flatMap(AmazonHosts::api));

    private AmazonHosts() {}

    /** Whether an address may be called at a field's place; those of pages for browsers may be any. */
    static boolean mayBeShown(String field, URI address) {
        String host = address.getHost();
        return !isCalled(field) || (host != null && of(field).contains(host.toLowerCase(Locale.ROOT)));
    }

    /** What to enter there. */
    static String advice(String field) {
        return "must lead to one of Amazon's own hosts: " + String.join(", ", of(field));
    }

    private static boolean isCalled(String field) {
        return field.startsWith("endpoints.token") || field.startsWith("endpoints.api");
    }

    private static SortedSet<String> of(String field) {
        return field.startsWith("endpoints.api") ? API : TOKEN;
    }

    private static Stream<Preset> presets() {
        return Arrays.stream(Provider.values()).map(provider -> Preset.of(provider, ANYWHERE));
    }

    private static Stream<String> api(Preset preset) {
        Stream<String> own = preset.api().values().stream();
        return preset.provider() == Provider.AMAZON_ADS
                ? own
                : own.flatMap(address -> Stream.of(address, address.replace("https://", "https://sandbox.")));
    }

    private static SortedSet<String> hosts(Stream<String> addresses) {
        SortedSet<String> hosts = new TreeSet<>();
        addresses.map(address -> URI.create(address).getHost()).forEach(hosts::add);
        return hosts;
    }
}
