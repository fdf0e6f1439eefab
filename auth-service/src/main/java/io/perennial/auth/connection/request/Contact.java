package io.perennial.auth.connection.request;

import java.util.UUID;

/** Whom to remind; the first by order is asked first. */
public record Contact(UUID id, String name, String email, String locale, int order) {}
