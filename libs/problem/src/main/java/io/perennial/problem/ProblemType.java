package io.perennial.problem;

/** A kind of problem. Services add their own kinds as enums. */
public interface ProblemType {
    /** Stable code, the last part of the type URI. */
    String name();

    /** HTTP status. */
    int status();

    /** Short sentence, the same for every occurrence. */
    String title();

    /** Whether the same request may succeed later without a change. */
    boolean retryable();
}
