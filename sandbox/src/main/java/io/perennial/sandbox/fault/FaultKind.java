package io.perennial.sandbox.fault;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.perennial.sandbox.control.Refusal;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What goes wrong. */
public enum FaultKind {
    OUTAGE("outage"),
    LATENCY("latency"),
    THROTTLED("429"),
    INTERNAL_ERROR("500"),
    HTML("html"),
    LOST_REPLY("lost-reply"),
    CLIENT_SECRET_EXPIRED("client-secret-expired"),
    /** The token endpoint refuses grants that are good, as it did to thousands of sellers at once. */
    INVALID_GRANT("invalid-grant"),
    SECURITY_TOKEN_EXPIRED("security-token-expired"),
    QUOTA("quota"),
    /** A report that ends as {@code FATAL}, or as {@code CANCELLED} although there are data. */
    FATAL_REPORT("fatal-report"),
    CANCELLED_REPORT("cancelled-report"),
    /** A report document in which lines are cut off or nonsense, that unpacks to hundreds of megabytes, or whose link is dead. */
    BROKEN_LINES("broken-lines"),
    GZIP_BOMB("gzip-bomb"),
    EXPIRED_LINK("expired-link");

    private final String text;

    FaultKind(String text) {
        this.text = text;
    }

    /** Whether only the place that plays it asks for it; any other strikes every call that it is planned for. */
    boolean isAskedFor() {
        return ordinal() >= QUOTA.ordinal();
    }

    @JsonValue
    public String text() {
        return text;
    }

    @JsonCreator
    static FaultKind of(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind.text.equals(text))
                .findFirst()
                .orElseThrow(() -> Refusal.badRequest("kind must be one of "
                        + Arrays.stream(values()).map(FaultKind::text).collect(Collectors.joining(", "))));
    }
}
