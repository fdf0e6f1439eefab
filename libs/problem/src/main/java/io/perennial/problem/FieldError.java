package io.perennial.problem;

/**
 * What is wrong with one field.
 *
 * @param field path of the field as the caller wrote it, for example {@code contacts[0].email}
 * @param message what the field must be
 */
public record FieldError(String field, String message) {}
