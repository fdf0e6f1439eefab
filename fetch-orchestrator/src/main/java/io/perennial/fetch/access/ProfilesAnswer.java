package io.perennial.fetch.access;

import java.util.List;

/** What auth-service answers to the question which profiles a connection is for. */
public sealed interface ProfilesAnswer {
    /** Those that were chosen. */
    record Chosen(List<String> profiles) implements ProfilesAnswer {}

    /**
     * It does not say.
     *
     * @param code {@code CONNECTION_UNKNOWN} or {@code AUTH_SERVICE_UNAVAILABLE}
     */
    record Unknown(String code) implements ProfilesAnswer {}
}
