package io.perennial.problem;

import java.util.List;

/** Ends a request with a problem. The detail is read by strangers: no secret, no other tenant's data. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ProblemType type;
    private final transient List<FieldError> errors;

    public ProblemException(ProblemType type, String detail) {
        this(type, detail, List.of());
    }

    public ProblemException(ProblemType type, String detail, List<FieldError> errors) {
        super(detail, null, false, false);
        this.type = type;
        this.errors = List.copyOf(errors);
    }

    /** A request refused for one field. */
    public static ProblemException invalidField(String field, String message) {
        return invalidFields(List.of(new FieldError(field, message)));
    }

    /** A request refused for several fields. */
    public static ProblemException invalidFields(List<FieldError> errors) {
        return new ProblemException(StandardProblem.INVALID_REQUEST, sentence(errors), errors);
    }

    /** Unknown or another tenant's: the same answer for both. */
    public static ProblemException notFound() {
        return new ProblemException(StandardProblem.NOT_FOUND, "No such resource.");
    }

    /** The kind of problem. */
    public ProblemType type() {
        return type;
    }

    /** The fields that are wrong, if the problem is about fields. */
    public List<FieldError> errors() {
        return errors;
    }

    private static String sentence(List<FieldError> errors) {
        StringBuilder text = new StringBuilder();
        for (FieldError error : errors) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(error.field())
                    .append(' ')
                    .append(error.message());
        }
        return text.append('.').toString();
    }
}
