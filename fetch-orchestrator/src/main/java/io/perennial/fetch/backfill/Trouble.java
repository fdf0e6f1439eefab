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
    CAMPAIGN_UNKNOWN(Cure.NONE, "The campaign is not known to the authorization service (any more)."),
    ACCESS_REFUSED(
            Cure.EVENT,
            "Amazon refused the access token. We are asking whether the authorization still stands;"
                    + " the fetch goes on by itself."),
    ACCESS_STILL_REFUSED(
            Cure.TIME, "Amazon refuses the access tokens that it gives out, although the authorization stands."),
    APP_SUSPENDED(Cure.EVENT, "An operator has suspended the application. The fetch goes on when it is in use again."),
    ACCESS_TOKEN_EXPIRED(Cure.TIME, "Amazon says that a fresh access token has expired."),
    AUTH_SERVICE_UNAVAILABLE(Cure.OUTAGE, "The authorization service does not answer."),
    PROVIDER_UNAVAILABLE(Cure.OUTAGE, "Amazon is unavailable at the moment."),
    PROVIDER_UNREACHABLE(Cure.OUTAGE, "Amazon could not be reached."),
    PROVIDER_TIMEOUT(Cure.OUTAGE, "Amazon did not answer in time."),
    PROVIDER_FAULT(Cure.OUTAGE, "Amazon refuses our application at the moment, not this merchant."),
    ANSWER_UNREADABLE(Cure.TIME, "Amazon's answer was not a page of orders."),
    ANSWER_TOO_LARGE(Cure.TIME, "Amazon's answer was larger than allowed."),
    WINDOW_NOT_ANSWERED(Cure.NONE, "Amazon says that it answers nothing of the window, again and again."),
    WINDOW_TOO_YOUNG(Cure.TIME, "Amazon does not answer for so recent a time yet."),
    INTERNAL(Cure.TIME, "Something failed on our side."),
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
    HISTORY_LOST(
            Cure.NONE,
            "Everything that Amazon still has is there. Orders from before can not be read any more: Amazon answers two"
                    + " years back and no further."),
    NO_ORDERS_AT_ALL(
            Cure.NONE,
            "Amazon answered without a single order, and there never was one. If the store does sell, its region or"
                    + " marketplaces are not those of the connection."),
    NO_PROFILES_CHOSEN(Cure.NONE, "No advertising profile is chosen for the connection. Choose some."),
    NO_PROFILE_OPEN(
            Cure.NONE,
            "Amazon lists none of the chosen advertising profiles: the right to edit them is gone, or they belong to another"
                    + " region."),
    PROFILES_WITHOUT_ACCESS(Cure.NONE, "Amazon does not list all of the chosen advertising profiles any more."),
    DAY_OVER(Cure.NONE, "The day was over before Amazon could be asked. A snapshot can only be taken of the present."),
    STILL_THROTTLED(Cure.NONE, "Amazon refused the request for its own load, as often as the retry settings allow."),
    REPORT_IN_PREPARATION(Cure.NONE, "Amazon is making the report. We look again and again until it is ready."),
    REPORT_FATAL(Cure.NONE, "Amazon gave up making the report."),
    REPORT_GONE(Cure.NONE, "Amazon does not know the report any more."),
    REPORT_REFUSED(Cure.NONE, "Amazon does not make such a report."),
    REPORT_THROTTLED(
            Cure.NONE, "Amazon refused requests for the report again and again: their quota was used up, by whomever."),
    REPORT_LATE(Cure.NONE, "Amazon did not finish the report in time."),
    REPORT_OTHER_WINDOW(Cure.NONE, "Amazon's report begins later than it was ordered to."),
    REPORT_TOO_LARGE(Cure.NONE, "The report was larger than allowed; it was not unpacked to its end."),
    REPORT_UNREADABLE(Cure.NONE, "What Amazon sent was no report of orders."),
    REPORT_LINK_DEAD(Cure.TIME, "The link to the report did not work."),
    CANCELLED_BY_REQUEST(Cure.NONE, "Somebody cancelled the fetch. What it did not read, the next daily fetch reads."),
    SUPERSEDED(Cure.NONE, "A later fetch reads the same and more.");

    /** What ends a trouble. */
    private enum Cure {
        /** A verdict of auth-service, or what an operator does there. Meanwhile asking costs nothing. */
        EVENT,
        /** Trying again, but not for ever. */
        TIME,
        /** The end of an outage. While there is one, a failed attempt does not count. */
        OUTAGE,
        NONE
    }

    private final Cure cure;
    private final String what;

    Trouble(Cure cure, String what) {
        this.cure = cure;
        this.what = what;
    }

    static Trouble of(String code) {
        return Arrays.stream(values())
                .filter(trouble -> trouble.name().equals(code))
                .findFirst()
                .orElse(PROVIDER_UNAVAILABLE);
    }

    /** What is the matter, and how the fetch goes on. */
    String message() {
        return wearsOut() && !isPause() ? what + " The fetch tries again." : what;
    }

    /** What is the matter, for a fetch that goes on in another way or not at all. */
    String what() {
        return what;
    }

    /** Whether it can only come of reports. */
    boolean isOfReports() {
        return name().startsWith("REPORT_");
    }

    /** Whether the fetch goes on meanwhile, only not at once. */
    boolean isPause() {
        return this == THROTTLED || this == REPORT_IN_PREPARATION;
    }

    /** Whether trying again for a long time in vain makes a fetch fail. */
    boolean wearsOut() {
        return cure == Cure.TIME || cure == Cure.OUTAGE;
    }

    /** Whether it tells of an outage rather than of this fetch. */
    boolean isOutage() {
        return cure == Cure.OUTAGE;
    }

    /** Whether it stands in the way of all fetches of the connection. */
    boolean isOfConnection() {
        return cure == Cure.EVENT || this == ACCESS_STILL_REFUSED || this == THROTTLED;
    }
}
