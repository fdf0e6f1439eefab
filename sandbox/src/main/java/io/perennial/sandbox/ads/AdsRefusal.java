package io.perennial.sandbox.ads;

import org.jspecify.annotations.Nullable;

/** An error of the Ads API. */
final class AdsRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final @Nullable Integer retryAfter;

    private AdsRefusal(int status, String code, String details, @Nullable Integer retryAfter) {
        super(details, null, false, false);
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** Missing or false client id or token; Amazon does not say which. */
    static AdsRefusal unauthorized() {
        return new AdsRefusal(401, "UNAUTHORIZED", "HTTP 401 Unauthorized", null);
    }

    static AdsRefusal invalidArgument(String details) {
        return new AdsRefusal(400, "INVALID_ARGUMENT", details, null);
    }

    static AdsRefusal throttled() {
        return new AdsRefusal(429, "THROTTLED", "Too Many Requests", 2);
    }

    static AdsRefusal internal() {
        return new AdsRefusal(500, "SERVER_IS_BUSY", "Internal server error", null);
    }

    static AdsRefusal unavailable() {
        return new AdsRefusal(503, "SERVICE_UNAVAILABLE", "Service Unavailable", null);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    /** Seconds; promised on 429. */
    @Nullable
    Integer retryAfter() {
        return retryAfter;
    }
}
