package io.perennial.sandbox.lwa;

/** An error of the token endpoint, in the words that were seen on the wire. */
final class LwaRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    private LwaRefusal(int status, String error, String description) {
        super(description, null, false, false);
        this.status = status;
        this.error = error;
    }

    static LwaRefusal invalidClient() {
        return new LwaRefusal(401, "invalid_client", "Client authentication failed");
    }

    static LwaRefusal invalidCode() {
        return new LwaRefusal(400, "invalid_grant", "The request has an invalid grant parameter : code");
    }

    static LwaRefusal invalidRefreshToken() {
        return new LwaRefusal(
                400,
                "invalid_grant",
                "The request has an invalid grant parameter : refresh_token."
                        + " User may have revoked or didn't grant the permission.");
    }

    static LwaRefusal otherClient() {
        return new LwaRefusal(400, "unauthorized_client", "Not authorized for requested operation");
    }

    static LwaRefusal missing(String parameter) {
        return new LwaRefusal(400, "invalid_request", "The request is missing a required parameter : " + parameter);
    }

    static LwaRefusal unsupportedGrantType() {
        return new LwaRefusal(
                400,
                "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization server");
    }

    static LwaRefusal invalidScope() {
        return new LwaRefusal(400, "invalid_scope", "The request has an invalid scope parameter");
    }

    static LwaRefusal throttled() {
        return new LwaRefusal(429, "temporarily_unavailable", "Too many requests");
    }

    static LwaRefusal serverError() {
        return new LwaRefusal(500, "server_error", "The authorization server encountered an unexpected condition");
    }

    int status() {
        return status;
    }

    String error() {
        return error;
    }
}
