package io.perennial.auth.authorization;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is found about a candidate. */
sealed interface Ruling {
    /** The account behind a candidate. */
    record Account(String id, @Nullable String name, List<String> marketplaces) {
        /** What was found out about it before somebody was asked. */
        static Account of(Attempt attempt) {
            return new Account(
                    Objects.requireNonNull(attempt.accountId()), attempt.accountName(), attempt.accountMarketplaces());
        }
    }

    /** It works, and it is the right account's. */
    record Accepted(Account account) implements Ruling {}

    /** It works, but nobody said which account to expect: the merchant is asked. */
    record Unconfirmed(Account account) implements Ruling {}

    /** It works, but nothing shows whether it is the right account's: an operator is asked. */
    record Unproven(Account account) implements Ruling {}

    /**
     * Another account's.
     *
     * @param evidence what told so
     */
    record WrongAccount(String account, String evidence) implements Ruling {}

    /** Another connection holds this account. */
    record HeldElsewhere(String account, UUID holder) implements Ruling {}

    /**
     * It works, but gives access to nothing.
     *
     * @param reason what the merchant is told about it
     */
    record OpensNothing(String reason) implements Ruling {}

    /** It will never work. */
    record Useless() implements Ruling {}

    /** Nothing can be said now. */
    record Undecided() implements Ruling {}
}
