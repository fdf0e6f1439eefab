package io.perennial.console.connections;

import io.perennial.console.words.Marketplaces;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a person filled in for a new connection. Fields bear the names that auth-service uses for them, so that what it
 * says about a field is shown at that field.
 *
 * @param key makes sending the form twice one connection
 */
record ConnectionForm(
        UUID key,
        String tenantId,
        String label,
        String externalId,
        String provider,
        String region,
        List<String> marketplaces,
        String expectedAccountId,
        List<Contact> contacts) {
    private static final int CONTACTS = 2;
    private static final Pattern KEY = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    record Contact(String name, String email, String locale) {
        static final Contact EMPTY = new Contact("", "", "en");

        boolean isEmpty() {
            return name.isEmpty() && email.isEmpty();
        }
    }

    static ConnectionForm empty(String tenant) {
        return new ConnectionForm(
                UUID.randomUUID(),
                tenant,
                "",
                "",
                "AMAZON_SELLER",
                "EU",
                List.of(),
                "",
                List.of(Contact.EMPTY, Contact.EMPTY));
    }

    static ConnectionForm of(MultivaluedMap<String, String> sent) {
        String key = text(sent, "key");
        String region = text(sent, "region");
        List<String> chosen = sent.getOrDefault("marketplaces", List.of()).stream()
                .filter(id -> Marketplaces.isOf(id, region))
                .toList();
        return new ConnectionForm(
                KEY.matcher(key).matches() ? UUID.fromString(key) : UUID.randomUUID(),
                text(sent, "tenantId"),
                text(sent, "label"),
                text(sent, "externalId"),
                text(sent, "provider"),
                region,
                chosen,
                text(sent, "expectedAccountId"),
                contacts(sent));
    }

    /** Whether this marketplace is ticked. */
    public boolean chose(String marketplace) {
        return marketplaces.contains(marketplace);
    }

    JsonObject request() {
        JsonArray people = new JsonArray();
        contacts.stream()
                .filter(contact -> !contact.isEmpty())
                .forEach(contact -> people.add(new JsonObject()
                        .put("name", contact.name())
                        .put("email", contact.email())
                        .put("locale", contact.locale())
                        .put("order", people.size() + 1)));
        JsonObject request = new JsonObject()
                .put("tenantId", tenantId)
                .put("externalId", externalId)
                .put("provider", provider)
                .put("region", region)
                .put("label", label)
                .put("contacts", people)
                .put("marketplaces", new JsonArray(marketplaces));
        return expectedAccountId.isEmpty() ? request : request.put("expectedAccountId", expectedAccountId);
    }

    /** Filled-in contacts come first, so that their numbers are those of the request. */
    private static List<Contact> contacts(MultivaluedMap<String, String> sent) {
        List<Contact> filled = IntStream.range(0, CONTACTS)
                .mapToObj(i -> new Contact(
                        text(sent, "contacts[" + i + "].name"),
                        text(sent, "contacts[" + i + "].email"),
                        text(sent, "contacts[" + i + "].locale")))
                .filter(contact -> !contact.isEmpty())
                .toList();
        return Stream.concat(filled.stream(), Stream.generate(() -> Contact.EMPTY))
                .limit(CONTACTS)
                .toList();
    }

    private static String text(MultivaluedMap<String, String> sent, String field) {
        @Nullable String value = sent.getFirst(field);
        return Objects.requireNonNullElse(value, "").strip();
    }
}
