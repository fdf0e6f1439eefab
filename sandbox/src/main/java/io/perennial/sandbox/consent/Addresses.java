package io.perennial.sandbox.consent;

import jakarta.ws.rs.core.UriInfo;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Builds the addresses that browsers are sent to. */
final class Addresses {

    private Addresses() {}

    static String withParameters(String address, Map<String, String> parameters) {
        String query = parameters.entrySet().stream()
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        if (query.isEmpty()) {
            return address;
        }
        return address + (address.contains("?") ? "&" : "?") + query;
    }

    static String pathAndQuery(UriInfo uri) {
        String query = uri.getRequestUri().getRawQuery();
        return uri.getRequestUri().getRawPath() + (query == null ? "" : "?" + query);
    }

    /** Only back into the same central host, never elsewhere. */
    static String returnTo(@Nullable String asked, CentralHost host) {
        if (asked != null && asked.startsWith(host.path() + "/") && !asked.contains("\\")) {
            return asked;
        }
        return host.path() + "/apps/manage";
    }
}
