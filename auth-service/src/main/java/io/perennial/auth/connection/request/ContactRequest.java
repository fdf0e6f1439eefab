package io.perennial.auth.connection.request;

import io.perennial.auth.request.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A contact as requests name it. */
public record ContactRequest(
        @Nullable UUID id,
        @Nullable String name,
        @Nullable String email,
        @Nullable String locale,
        @Nullable Integer order) {
    private static final int MAX_NAME = 200;
    private static final int MAX_CONTACTS = 20;
    private static final int MAX_ORDER = 1_000;

    /** Addresses stay out of every print. */
    @Override
    public String toString() {
        return "ContactRequest[hidden]";
    }

    public static List<ContactRequest> check(Fields fields, @Nullable List<ContactRequest> contacts) {
        List<ContactRequest> given = fields.list("contacts", contacts, MAX_CONTACTS);
        for (int i = 0; i < given.size(); i++) {
            String field = "contacts[" + i + "].";
            ContactRequest contact = given.get(i);
            fields.line(field + "name", contact.name(), MAX_NAME);
            fields.required(field + "email", contact.email());
            fields.optionalMailbox(field + "email", contact.email());
            fields.optionalLocale(field + "locale", contact.locale());
            if (contact.order() != null && (contact.order() < 0 || contact.order() > MAX_ORDER)) {
                fields.reject(field + "order", "must be between 0 and " + MAX_ORDER);
            }
        }
        return given;
    }

    public static List<Contact> toContacts(List<ContactRequest> requests, Supplier<UUID> ids) {
        List<Contact> contacts = new ArrayList<>();
        for (ContactRequest request : requests) {
            contacts.add(new Contact(
                    request.id() == null ? ids.get() : request.id(),
                    String.valueOf(request.name()),
                    String.valueOf(request.email()),
                    request.locale() == null ? "en" : request.locale(),
                    request.order() == null ? contacts.size() + 1 : request.order()));
        }
        return contacts;
    }
}
