package io.perennial.notify.email;

/** What became of a mail that was handed to the mail server. */
public sealed interface PostResult {
    /** The mail server took it. */
    record Accepted() implements PostResult {}

    /** It did not leave; another attempt may succeed. */
    record TryLater(String code) implements PostResult {}

    /**
     * It did not leave, and never will.
     *
     * @param noSuchMailbox whether because of the address, so that no other mail will either
     */
    record Refused(String code, boolean noSuchMailbox) implements PostResult {}

    /** It may or may not have left. */
    record Unknown(String code) implements PostResult {}
}
