package io.perennial.sandbox.spapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.perennial.sandbox.Http;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;

/** One of Amazon's published models (Swagger 2.0), read as JSON Schema and made stricter: unknown fields are errors. */
public final class Model {

    private final ObjectNode definitions;

    private Model(ObjectNode definitions) {
        this.definitions = definitions;
    }

    public static Model named(String file) {
        try (InputStream input = Model.class.getResourceAsStream("/models/" + file)) {
            ObjectNode definitions = (ObjectNode) Http.JSON.readTree(input).get("definitions");
            definitions.forEach(definition -> {
                if (definition.has("properties")) {
                    ((ObjectNode) definition).put("additionalProperties", false);
                }
            });
            return new Model(definitions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void accepts(String definition, HttpResponse<String> response) {
        ObjectNode schema = Http.JSON.createObjectNode();
        schema.put("$ref", "#/definitions/" + definition);
        schema.set("definitions", definitions);
        JsonSchema validator = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
                .getSchema(
                        schema,
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build());
        JsonNode body = Http.json(response);
        assertThat(validator.validate(body)).as(() -> body.toPrettyString()).isEmpty();
    }
}
