package io.perennial.problem;

/** The problems that every service knows. */
public enum StandardProblem implements ProblemType {
    INVALID_REQUEST(400, "The request is not valid.", false),
    UNAUTHENTICATED(401, "Sign in first.", false),
    FORBIDDEN(403, "Your role does not allow this.", false),
    NOT_FOUND(404, "There is nothing at this address.", false),
    METHOD_NOT_ALLOWED(405, "This address does not take that method.", false),
    NOT_ACCEPTABLE(406, "The answer can not be given in the asked for format.", false),
    CONFLICT(409, "The request does not fit the current state.", false),
    TOO_LARGE(413, "The request is too large.", false),
    UNSUPPORTED_MEDIA_TYPE(415, "The request's format is not supported.", false),
    IDEMPOTENCY_KEY_REUSED(422, "The Idempotency-Key was used for another request.", false),
    TOO_MANY_REQUESTS(429, "Too many requests.", true),
    INTERNAL(500, "Something went wrong on our side.", true),
    UNAVAILABLE(503, "The service is not available right now.", true);

    private final int status;
    private final String title;
    private final boolean retryable;

    StandardProblem(int status, String title, boolean retryable) {
        this.status = status;
        this.title = title;
        this.retryable = retryable;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public boolean retryable() {
        return retryable;
    }

    /** The kind for a bare HTTP status. */
    static ProblemType ofStatus(int status) {
        for (StandardProblem type : values()) {
            if (type.status == status) {
                return type;
            }
        }
        return status >= 500 ? INTERNAL : INVALID_REQUEST;
    }
}
