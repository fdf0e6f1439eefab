package io.perennial.contracts;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The JSON Schema that a record stands for: the second half of "record and schema agree". */
final class SchemaOf {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SchemaOf() {}

    static ObjectNode event(EventType type) {
        String name = type.data().getSimpleName();
        ObjectNode schema = JSON.createObjectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("$id", "/perennial/schema/" + name + ".v1.json");
        schema.put("title", name);
        ObjectNode flat = record(type.about());
        ObjectNode own = record(type.data());
        own.withObject("/properties").remove("about");
        ((ObjectNode) flat.get("properties")).setAll((ObjectNode) own.get("properties"));
        ArrayNode required = (ArrayNode) flat.get("required");
        own.get("required").forEach(field -> {
            if (!field.asText().equals("about")) {
                required.add(field);
            }
        });
        schema.setAll(flat);
        return schema;
    }

    private static ObjectNode record(Class<?> type) {
        ObjectNode schema = JSON.createObjectNode();
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (RecordComponent component : type.getRecordComponents()) {
            properties.set(component.getName(), value(component.getGenericType()));
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                required.add(component.getName());
            }
        }
        return schema;
    }

    private static ObjectNode value(Type type) {
        ObjectNode schema = JSON.createObjectNode();
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            schema.put("type", "array");
            schema.set("items", value(list.getActualTypeArguments()[0]));
        } else if (type == String.class) {
            schema.put("type", "string");
        } else if (type == UUID.class) {
            schema.put("type", "string").put("format", "uuid");
        } else if (type == Instant.class) {
            schema.put("type", "string").put("format", "date-time");
        } else if (type == int.class || type == Integer.class) {
            schema.put("type", "integer");
        } else if (type == boolean.class || type == Boolean.class) {
            schema.put("type", "boolean");
        } else if (type == BigDecimal.class) {
            schema.put("type", "string").put("pattern", "^-?[0-9]+(\\.[0-9]+)?$");
        } else if (type instanceof Class<?> enumeration && enumeration.isEnum()) {
            ArrayNode values = schema.put("type", "string").putArray("enum");
            for (Object constant : enumeration.getEnumConstants()) {
                values.add(((Enum<?>) constant).name());
            }
        } else if (type instanceof Class<?> record && record.isRecord()) {
            return record(record);
        } else {
            throw new AssertionError("No schema for " + type);
        }
        return schema;
    }
}
