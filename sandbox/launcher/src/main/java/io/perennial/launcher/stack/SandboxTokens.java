package io.perennial.launcher.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.service.LocalHttp;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Access tokens of the sandbox's issuer, for scripts and for the seed. */
public final class SandboxTokens {

    private static final Set<String> ROLES = Set.of("admin", "operator", "viewer", "token-reader", "link-issuer");

    private SandboxTokens() {}

    /** A bearer token with that role for those tenants; none means all. */
    public static String request(String issuerUrl, String role, List<String> tenants) {
        if (!ROLES.contains(role)) {
            throw new LauncherException(
                    "no role '" + role + "': it may be admin, operator, viewer, token-reader, link-issuer");
        }
        String form = "grant_type=client_credentials&client_id=perennial-cli&client_secret=perennial-cli"
                + "&perennial_roles=" + encode(role)
                + "&perennial_tenants=" + encode(tenants.isEmpty() ? "*" : String.join(" ", tenants));
        LocalHttp.Answer answer =
                LocalHttp.post(issuerUrl + "/token", Map.of("Content-Type", "application/x-www-form-urlencoded"), form);
        if (!answer.ok()) {
            throw new LauncherException("the issuer answered " + answer.status() + " to the request for a token");
        }
        try {
            return new ObjectMapper()
                    .readTree(answer.body())
                    .path("access_token")
                    .asText();
        } catch (JsonProcessingException e) {
            throw new LauncherException("the issuer's answer is not JSON", e);
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
