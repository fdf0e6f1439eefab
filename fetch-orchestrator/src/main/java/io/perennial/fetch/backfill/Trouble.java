package io.perennial.fetch.backfill;

import java.util.Arrays;

/** Why a fetch waits, is parked or failed: a stable code, and the same in plain words. */
enum Trouble {
    CONNECTION_PENDING(Cure.EVENT, "The merchant has not authorized this connection yet."),
    CONNECTION_SUSPECT(
            Cure.EVENT, "Amazon refused the authorization once. We are asking again; the fetch goes on by itself."),
    CONNECTION_EXPIRED(
            Cure.EVENT, "The authorization has expired. The fetch goes on when the merchant has renewed it."),
    CONNECTION_REVOKED(
            Cure.EVENT, "The authorization was revoked at Amazon. The fetch goes on when the merchant has renewed it."),
    CONNECTION_DISCONNECTED(Cure.EVENT, "The connection was given up."),
    CONNECTION_UNKNOWN(Cure.TIME, "The connection is not known to the authorization service (any more)."),
    ACCESS_REFUSED(
            Cure.EVENT,
            "Amazon refused the access token. We are asking whether the authorization still stands;"
                    + " the fetch goes on by itself."),
    ACCESS_TOKEN_EXPIRED(Cure.TIME, "Amazon says that a fresh access token has expired. The fetch tries again."),
    AUTH_SERVICE_UNAVAILABLE(Cure.TIME, "The authorization service does not answer. The fetch tries again."),
    PROVIDER_UNAVAILABLE(Cure.TIME, "Amazon is unavailable at the moment. The fetch tries again."),
    PROVIDER_UNREACHABLE(Cure.TIME, "Amazon could not be reached. The fetch tries again."),
    PROVIDER_TIMEOUT(Cure.TIME, "Amazon did not answer in time. The fetch tries again."),
    PROVIDER_FAULT(
            Cure.TIME, "Amazon refuses our application at the moment, not this merchant. The fetch tries again."),
    ANSWER_UNREADABLE(Cure.TIME, "Amazon's answer was not a page of orders. The fetch tries again."),
    ANSWER_TOO_LARGE(Cure.TIME, "Amazon's answer was larger than allowed. The fetch tries again."),
    WINDOW_TOO_YOUNG(Cure.TIME, "Amazon does not answer for so recent a time yet. The fetch tries again."),
    INTERNAL(Cure.TIME, "Something failed on our side. The fetch tries again."),
    THROTTLED(Cure.TIME, "Amazon's quota for this seller is used up. The next page follows as soon as there is some."),
    PAGE_TOKENS_REFUSED(Cure.NONE, "Amazon refused the page tokens again and again."),
    PAGES_LOOP(Cure.NONE, "Amazon's pages go round in a circle."),
    EMPTY_PAGES(Cure.NONE, "Amazon sent empty pages without an end."),
    TOO_MANY_PAGES(Cure.NONE, "Amazon sent more pages than a fetch may have."),
    ROLE_MISSING(
            Cure.NONE,
            "The application lacks the Amazon role that reading orders needs, or the merchant did not grant it."),
    WRONG_REGION(Cure.NONE, "Amazon says that the marketplaces do not belong to the connection's region."),
    REQUEST_REFUSED(Cure.NONE, "Amazon refused the request."),
    ORDERS_SET_ASIDE(Cure.NONE, "Some orders could not be read and were set aside; all others are there."),
    SUPERSEDED(Cure.NONE, "A later fetch reads the same and more.");

    /** What ends a trouble. */
    private enum Cure {
        /** A verdict of auth-service, which comes as an event; meanwhile asking costs nothing. */
        EVENT,
        /** Trying again, but not for ever. */
        TIME,
        NONE
    }

    private final Cure cure;
    private final String message;

    Trouble(Cure cure, String message) {
        this.cure = cure;
        this.message = message;
    }

    static Trouble of(String code) {
        return Arrays.stream(values())
                .filter(trouble -> trouble.name().equals(code))
                .findFirst()
                .orElse(PROVIDER_UNAVAILABLE);
    }

    String message() {
        return message;
    }

    /** Whether trying again for a long time in vain makes a fetch fail. */
    boolean wearsOut() {
        return cure == Cure.TIME;
    }
}
