package io.perennial.console.words;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What went wrong last, in one sentence that says what to do. */
public final class TroubleSentence {
    private static final Map<String, String> FETCH_CODES = Map.ofEntries(
            Map.entry("CONNECTION_EXPIRED", "the authorization has expired; it goes on after the renewal"),
            Map.entry("CONNECTION_REVOKED", "the access was revoked; it goes on after a new consent"),
            Map.entry("CONNECTION_SUSPECT", "Amazon refused the access once; it goes on when that is cleared up"),
            Map.entry("CONNECTION_PENDING", "the merchant has not authorized it yet"),
            Map.entry("CONNECTION_DISCONNECTED", "the connection was given up"),
            Map.entry("PROVIDER_UNAVAILABLE", "Amazon does not answer; it is tried again"),
            Map.entry("PROVIDER_REFUSED", "Amazon refused the request"),
            Map.entry("PROVIDER_UNREACHABLE", "Amazon can not be reached; it is tried again"),
            Map.entry("PROVIDER_TIMEOUT", "Amazon did not answer in time; it is tried again"),
            Map.entry("PROVIDER_FAULT", "Amazon had a fault; it is tried again"),
            Map.entry("ANSWER_UNREADABLE", "Amazon's answer could not be read"),
            Map.entry("ANSWER_TOO_LARGE", "Amazon's answer was too large"),
            Map.entry("REQUEST_REFUSED", "Amazon refused the request"),
            Map.entry("WRONG_REGION", "the account belongs to another region"),
            Map.entry(
                    "ROLE_MISSING",
                    "the app lacks a role at Amazon; the merchant must authorize again after it is added"),
            Map.entry("AUTH_SERVICE_UNAVAILABLE", "auth-service does not answer; it is tried again"),
            Map.entry("CONNECTION_UNKNOWN", "auth-service does not know the connection"),
            Map.entry("NO_ACCESS", "this account gives no access to orders; check the app's roles at Amazon"),
            Map.entry("NOT_OFFERED", "Amazon offers no orders for this kind of account"),
            Map.entry("QUOTA_EXCEEDED", "Amazon's quota is used up; it goes on when there is room"),
            Map.entry("THROTTLED", "Amazon's quota is used up; it goes on when there is room"),
            Map.entry(
                    "ACCESS_REFUSED",
                    "Amazon refused the access; whether the authorization still stands is being asked"),
            Map.entry(
                    "ACCESS_STILL_REFUSED",
                    "Amazon refuses the access although it says that the authorization stands; ask its support"),
            Map.entry("APP_SUSPENDED", "an operator suspended the application; it goes on when it is in use again"),
            Map.entry("ACCESS_TOKEN_EXPIRED", "Amazon says that a fresh access token is over; it is tried again"),
            Map.entry("WINDOW_TOO_YOUNG", "Amazon does not answer for so recent a time yet; it is tried again"),
            Map.entry("WINDOW_NOT_ANSWERED", "Amazon answers nothing of the time that was asked for"),
            Map.entry("PAGE_TOKENS_REFUSED", "Amazon refused its own page tokens again and again"),
            Map.entry("PAGES_LOOP", "Amazon's pages go round in a circle"),
            Map.entry("EMPTY_PAGES", "Amazon sent empty pages without an end"),
            Map.entry("TOO_MANY_PAGES", "Amazon sent more pages than a fetch may have"),
            Map.entry("ORDERS_SET_ASIDE", "some orders could not be read; all others are there"),
            Map.entry("HISTORY_LOST", "orders of more than two years ago can not be read from Amazon any more"),
            Map.entry(
                    "NO_ORDERS_AT_ALL",
                    "Amazon has no order of this store; check the connection's region and marketplaces"),
            Map.entry("CANCELLED_BY_REQUEST", "somebody cancelled it; the next daily fetch reads the rest"),
            Map.entry("SUPERSEDED", "a later fetch reads the same and more"),
            Map.entry("NO_PROFILES_CHOSEN", "no advertising profile is chosen; choose some"),
            Map.entry(
                    "NO_PROFILE_OPEN",
                    "Amazon lists none of the chosen profiles; the right to edit them is gone, or the region is wrong"),
            Map.entry("PROFILES_WITHOUT_ACCESS", "Amazon does not list all of the chosen profiles any more"),
            Map.entry("DAY_OVER", "the day was over before Amazon could be asked; each day has a snapshot of its own"),
            Map.entry("STILL_THROTTLED", "Amazon refused it for its own load, as often as the retry settings allow"),
            Map.entry("INTERNAL", "something failed on our side; it is tried again"));

    private static final Map<String, String> CONSENT_CODES = Map.of(
            "GRANT_REFUSED", "Amazon took the new authorization back at once; the merchant must try again",
            "NOT_DECIDED_IN_TIME", "it could not be decided in time; the merchant must try again",
            "REVIEW_REFUSED", "an operator refused it",
            "IMPORTED_TOKEN_NOT_TAKEN", "a later token that an import brought was not taken; nothing else changed",
            "ACCOUNT_NOT_ALLOWED", "the account may not be connected here",
            "ACCOUNT_HELD", "another connection of this tenant got the account",
            "NO_PROFILES", "it opens no advertising profile: wrong region, or no rights");

    private TroubleSentence() {}

    /** The sentence for a trouble. */
    public static String of(String code, @Nullable String detail) {
        return switch (code) {
            case "TOKEN_EXPIRED" -> "The authorization has expired. The merchant must renew it.";
            case "TOKEN_REVOKED" -> "Amazon refuses the access before its end. The merchant must authorize again.";
            case "WRONG_ACCOUNT" ->
                "Somebody signed in with the wrong Amazon account (" + orUnknown(detail) + "); it was refused.";
            case "DUPLICATE" ->
                "The account " + orUnknown(detail) + " is already connected by another connection of this tenant.";
            case "CONSENT_HELD" ->
                "A consent waits for you: Amazon does not show whether it is from the right account.";
            case "AUTHORIZATION_FAILED" -> "The last consent came to nothing: " + whyFailed(orUnknown(detail)) + ".";
            case "ABANDONED" -> "The merchant went to Amazon and did not come back.";
            case "FETCH_FAILED" -> "The last fetch failed: " + because(detail) + ".";
            case "FETCH_PARKED" -> "Fetching waits: " + because(detail) + ".";
            case "REMINDER_FAILED" -> "The last mail was refused (" + Names.plain(orUnknown(detail)) + ").";
            case "NOBODY_HEARS" ->
                "Nobody hears our mails: every contact is missing, unsubscribed or bounced. Name another contact.";
            case "REMINDER_AMBIGUOUS" -> "It is not known whether the last mail left; it is not sent twice.";
            default -> "Something went wrong: " + Names.plain(code) + ".";
        };
    }

    /** Why a consent came to nothing, as half a sentence. */
    static String whyFailed(String code) {
        return CONSENT_CODES.getOrDefault(code, Names.plain(code));
    }

    /** Why a fetch ended or waits, as half a sentence. */
    public static String because(@Nullable String fetchCode) {
        String known = orUnknown(fetchCode);
        return Optional.ofNullable(FETCH_CODES.get(known)).orElseGet(() -> Names.plain(known));
    }

    private static String orUnknown(@Nullable String text) {
        return text == null ? "unknown" : text;
    }
}
