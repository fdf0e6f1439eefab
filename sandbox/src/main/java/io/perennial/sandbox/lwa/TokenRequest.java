package io.perennial.sandbox.lwa;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of one token request, from a form or a JSON object as the content type says. */
final class TokenRequest {

    private final Map<String, String> parameters;

    private TokenRequest(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    /** @throws LwaRefusal when the body is not what the content type says */
    static TokenRequest parse(ObjectMapper json, @Nullable String contentType, String body) {
        String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
        if (type.startsWith("application/json")) {
            return new TokenRequest(fromJson(json, body));
        }
        if (type.startsWith("application/x-www-form-urlencoded") && !body.startsWith("{")) {
            return new TokenRequest(fromForm(body));
        }
        throw LwaRefusal.unsupportedGrantType();
    }

    @Nullable
    String find(String name) {
        String value = parameters.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** @throws LwaRefusal when the parameter is missing */
    String get(String name) {
        String value = find(name);
        if (value == null) {
            throw LwaRefusal.missing(name);
        }
        return value;
    }

    private static Map<String, String> fromJson(ObjectMapper json, String body) {
        try {
            JsonNode object = json.readTree(body);
            if (!object.isObject()) {
                throw LwaRefusal.unsupportedGrantType();
            }
            Map<String, String> values = new HashMap<>();
            object.fields()
                    .forEachRemaining(
                            field -> values.put(field.getKey(), field.getValue().asText()));
            return values;
        } catch (JsonProcessingException e) {
            throw LwaRefusal.unsupportedGrantType();
        }
    }

    private static Map<String, String> fromForm(String body) {
        Map<String, String> values = new HashMap<>();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String decode(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw LwaRefusal.unsupportedGrantType();
        }
    }
}
