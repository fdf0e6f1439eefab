package io.perennial.console.words;

import io.perennial.contracts.AuthorizationAbandoned;
import io.perennial.contracts.AuthorizationFailed;
import io.perennial.contracts.ConnectionAuthorized;
import io.perennial.contracts.ConnectionCreated;
import io.perennial.contracts.ConnectionDisconnected;
import io.perennial.contracts.ConnectionUpdated;
import io.perennial.contracts.ConsentHeld;
import io.perennial.contracts.DuplicateRejected;
import io.perennial.contracts.Event;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchFailed;
import io.perennial.contracts.FetchParked;
import io.perennial.contracts.FetchRequested;
import io.perennial.contracts.FetchStarted;
import io.perennial.contracts.ReminderAmbiguous;
import io.perennial.contracts.ReminderFailed;
import io.perennial.contracts.ReminderKind;
import io.perennial.contracts.ReminderSent;
import io.perennial.contracts.ReminderSuppressed;
import io.perennial.contracts.RenewalOverdue;
import io.perennial.contracts.RenewalRequired;
import io.perennial.contracts.SubscriptionCheck;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenExpiring;
import io.perennial.contracts.TokenReinstated;
import io.perennial.contracts.TokenRenewed;
import io.perennial.contracts.TokenRevoked;
import io.perennial.contracts.WrongAccountRejected;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an event says, told to a person. */
public record EventSentence(Tone tone, String title, String detail) {
    private static final Map<Class<? extends Event>, Function<Event, EventSentence>> SENTENCES = Map.ofEntries(
            told(ConnectionCreated.class, e -> idle("Connection created", "A link can be sent to the merchant.")),
            told(ConnectionUpdated.class, EventSentence::updated),
            told(
                    ConnectionAuthorized.class,
                    e -> good("Authorized", account(e.accountName(), e.accountId()) + until(e.endsAt()))),
            told(TokenRenewed.class, e -> good("Renewed", account(e.accountName(), e.accountId()) + until(e.endsAt()))),
            told(TokenReinstated.class, e -> good("Works again", "Without a new consent." + until(e.endsAt()))),
            told(TokenExpiring.class, EventSentence::expiring),
            told(
                    RenewalOverdue.class,
                    e -> bad(
                            "Still not renewed",
                            "Week " + e.week() + " after the end on " + Moments.day(e.endsAt()) + ".")),
            told(
                    TokenExpired.class,
                    e -> bad("Expired", "It ended on " + Moments.day(e.endsAt()) + " and Amazon refuses it now.")),
            told(
                    TokenRevoked.class,
                    e -> bad("Revoked", "Refused since " + Moments.minute(e.suspectSince()) + ", before its end.")),
            told(
                    WrongAccountRejected.class,
                    e -> soon("Wrong account refused", "Signed in as " + e.offeredAccountId() + expected(e))),
            told(
                    DuplicateRejected.class,
                    e -> soon("Duplicate refused", "The account " + e.accountId() + " is already connected.")),
            told(
                    ConsentHeld.class,
                    e -> soon(
                            "Consent waits for a decision",
                            "Nothing shows whether it is the right account: "
                                    + account(e.offeredAccountName(), e.offeredAccountId()))),
            told(
                    AuthorizationFailed.class,
                    e -> bad("Consent came to nothing", capital(TroubleSentence.whyFailed(e.code())) + ".")),
            told(
                    AuthorizationAbandoned.class,
                    e -> idle("Consent not finished", "The merchant went to Amazon and did not come back.")),
            told(
                    RenewalRequired.class,
                    e -> idle(
                            "Asked to authorize again",
                            "Campaign " + e.campaign() + ": " + Names.of(e.reason()) + ".")),
            told(ConnectionDisconnected.class, e -> idle("Disconnected", "Its secrets were destroyed.")),
            told(FetchRequested.class, e -> idle("Fetch planned", Names.of(e.reason()) + ".")),
            told(
                    FetchStarted.class,
                    e -> idle(
                            "Fetch started",
                            Names.of(e.reason()) + ", from " + Moments.day(e.from()) + " to " + Moments.day(e.to())
                                    + ("REPORT".equals(e.strategy()) ? ", from Amazon's reports" : "") + ".")),
            told(FetchCompleted.class, EventSentence::fetched),
            told(FetchFailed.class, e -> bad("Fetch failed", capital(TroubleSentence.because(e.code())) + ".")),
            told(FetchParked.class, e -> soon("Fetch waits", capital(TroubleSentence.because(e.code())) + ".")),
            told(ReminderSent.class, e -> idle("Mail sent", Names.of(e.kind()) + stage(e.kind(), e.stage()) + ".")),
            told(
                    ReminderFailed.class,
                    e -> bad("Mail refused", Names.of(e.kind()) + ": " + Names.plain(e.code()) + ".")),
            told(
                    ReminderSuppressed.class,
                    e -> idle("Mail not sent", Names.of(e.kind()) + ": " + Names.plain(e.reason()) + ".")),
            told(
                    ReminderAmbiguous.class,
                    e -> soon("Mail uncertain", "It may have left before a crash; it is not sent twice.")));

    /** The sentence for an event; for a kind that is not known here, its name in words. */
    public static EventSentence of(Event event) {
        Function<Event, EventSentence> teller = SENTENCES.get(event.getClass());
        return teller == null ? idle(event.getClass().getSimpleName(), "") : teller.apply(event);
    }

    /** The kinds of events that have a sentence. */
    static List<Class<? extends Event>> kinds() {
        return List.copyOf(SENTENCES.keySet());
    }

    /** How many orders a fetch brought. */
    public static String counted(int fresh, int updated, int unchanged) {
        return String.format(Locale.ROOT, "%,d new, %,d updated, %,d unchanged orders.", fresh, updated, unchanged);
    }

    private static <E extends Event> Map.Entry<Class<E>, Function<Event, EventSentence>> told(
            Class<E> kind, Function<E, EventSentence> teller) {
        return Map.entry(kind, event -> teller.apply(kind.cast(event)));
    }

    private static EventSentence fetched(FetchCompleted e) {
        String orders = counted(e.ordersNew(), e.ordersUpdated(), e.ordersUnchanged());
        Integer profiles = e.profiles();
        if (profiles != null) {
            return good("Snapshot taken", "Of " + profiles + (profiles == 1 ? " profile." : " profiles."));
        }
        SubscriptionCheck subscription = e.orderChangeSubscription();
        if (subscription == null) {
            return good("Fetch completed", orders);
        }
        return switch (subscription.state()) {
            case STANDS -> good("Fetch completed", orders + " Amazon still announces order changes.");
            case MISSING ->
                soon(
                        "Fetch completed",
                        orders + " Amazon announces no order changes; whoever relies on them must subscribe again.");
            case UNKNOWN ->
                good(
                        "Fetch completed",
                        orders + " Whether Amazon still announces order changes could not be found out: "
                                + Names.plain(String.valueOf(subscription.reason())) + ".");
        };
    }

    private static EventSentence updated(ConnectionUpdated e) {
        return e.profiles() == null
                ? idle("Details changed", "Label: " + e.label() + ".")
                : idle("Profiles chosen", "For the profiles " + String.join(", ", e.profiles()) + " from now on.");
    }

    private static EventSentence expiring(TokenExpiring e) {
        return e.stage() == 0
                ? soon("End reached", "It ended on " + Moments.day(e.endsAt()) + "; it is probed now.")
                : soon("Ends soon", e.daysLeft() + " days left, until " + Moments.day(e.endsAt()) + ".");
    }

    private static String expected(WrongAccountRejected e) {
        return e.expectedAccountId() == null ? "." : ", expected was " + e.expectedAccountId() + ".";
    }

    private static String account(@Nullable String name, String id) {
        return name == null ? "Account " + id + "." : name + " (" + id + ").";
    }

    private static String until(@Nullable Instant endsAt) {
        return endsAt == null ? "" : " Until " + Moments.day(endsAt) + ".";
    }

    private static String stage(ReminderKind kind, @Nullable Integer stage) {
        if (stage == null) {
            return "";
        }
        return switch (kind) {
            case EXPIRING -> ", " + stage + " days before the end";
            case OVERDUE -> ", week " + stage;
            case CAMPAIGN -> " " + stage;
            default -> "";
        };
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static EventSentence good(String title, String detail) {
        return new EventSentence(Tone.GOOD, title, detail);
    }

    private static EventSentence soon(String title, String detail) {
        return new EventSentence(Tone.SOON, title, detail);
    }

    private static EventSentence bad(String title, String detail) {
        return new EventSentence(Tone.BAD, title, detail);
    }

    private static EventSentence idle(String title, String detail) {
        return new EventSentence(Tone.IDLE, title, detail);
    }
}
