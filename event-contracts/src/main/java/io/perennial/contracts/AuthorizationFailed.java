package io.perennial.contracts;

/**
 * A consent was given and came to nothing; the former grant is untouched.
 *
 * @param code why: {@code GRANT_REFUSED}, {@code NOT_DECIDED_IN_TIME}, {@code REVIEW_REFUSED}; {@code
 *     IMPORTED_TOKEN_NOT_TAKEN} where no merchant gave it here; more may follow
 */
public record AuthorizationFailed(ConnectionRef about, String code) implements ConnectionEvent {}
