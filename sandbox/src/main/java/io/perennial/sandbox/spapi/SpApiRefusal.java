package io.perennial.sandbox.spapi;

import org.jspecify.annotations.Nullable;

/** An error of the SP-API in its envelope; {@code details} is what really decides on a 403. */
public final class SpApiRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final String DENIED = "Access to requested resource is denied.";

    private final int status;
    private final String code;
    private final @Nullable String details;
    private final @Nullable String errorType;

    private SpApiRefusal(
            int status, String code, String message, @Nullable String details, @Nullable String errorType) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.details = details;
        this.errorType = errorType;
    }

    public static SpApiRefusal denied(String details) {
        return new SpApiRefusal(403, "Unauthorized", DENIED, details, "AccessDeniedException");
    }

    static SpApiRefusal unknownAddress() {
        return new SpApiRefusal(
                403,
                "MissingAuthenticationToken",
                "Missing Authentication Token",
                null,
                "MissingAuthenticationTokenException");
    }

    public static SpApiRefusal invalidInput(String message) {
        return new SpApiRefusal(400, "InvalidInput", message, "", "InvalidQueryStringException");
    }

    public static SpApiRefusal notFound(String message) {
        return new SpApiRefusal(404, "NotFound", message, "", "ResourceNotFoundException");
    }

    static SpApiRefusal quotaExceeded() {
        return new SpApiRefusal(
                429,
                "QuotaExceeded",
                "You exceeded your quota for the requested resource.",
                "",
                "QuotaExceededException");
    }

    static SpApiRefusal internalFailure() {
        return new SpApiRefusal(
                500, "InternalFailure", "We encountered an internal error. Please try again.", "", "InternalFailure");
    }

    static SpApiRefusal unavailable() {
        return new SpApiRefusal(
                503,
                "ServiceUnavailable",
                "Service is temporarily unavailable. Please try again.",
                "",
                "ServiceUnavailableException");
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    @Nullable
    String details() {
        return details;
    }

    @Nullable
    String errorType() {
        return errorType;
    }

    /** Never promised on 403, 429 and 5xx. */
    boolean carriesRateLimit() {
        return status == 400 || status == 404;
    }
}
