package io.perennial.notify.operator;

import io.perennial.contracts.ClientSecretExpiring;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.OutageReason;
import io.perennial.contracts.PlatformEvent;
import io.perennial.contracts.ProviderOutageCleared;
import io.perennial.contracts.ProviderOutageDetected;
import io.perennial.notify.email.PlainText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What a mail to operators says. In English alone: it is read beside logs and runbooks, which are too.
 *
 * @param body plain text, without any address or secret
 */
record OperatorWords(String subject, String body) {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMMM yyyy HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** A reader that is new to the topic finds more than a year of it: what is over is no news. */
    private static final Duration NEWS = Duration.ofDays(7);

    static boolean isNews(EventEnvelope event, Instant now) {
        return event.data().occurredAt().plus(NEWS).isAfter(now);
    }

    static OperatorWords of(PlatformEvent event, Instant now) {
        String app = PlainText.firstName(
                event.about().appName(), event.about().appId().toString());
        if (event instanceof ClientSecretExpiring expiring) {
            return secretEnds(expiring, app, now);
        }
        if (event instanceof ProviderOutageDetected detected) {
            return detected(detected, app);
        }
        if (event instanceof ProviderOutageCleared cleared) {
            return cleared(cleared, app);
        }
        throw new IllegalArgumentException("No words for " + event.getClass().getSimpleName());
    }

    private static OperatorWords secretEnds(ClientSecretExpiring secret, String app, Instant now) {
        String ends = now.isBefore(secret.expiresAt()) ? "ends" : "ended";
        return new OperatorWords(
                "Client secret of " + app + " " + ends + " on " + DAY.format(secret.expiresAt()),
                """
                The newest client secret (number %d) of the application %s (%s)
                %s on %s.
                From then on every call for every merchant of this application fails.

                Make a new secret at the provider and give it to Perennial at once:
                console, Applications, "New client secret"; or POST /api/apps/{id}/secrets.
                Merchants need not do anything. Runbook: client-secret.

                Application: %s
                """
                        .formatted(
                                secret.version(),
                                app,
                                secret.about().provider(),
                                ends,
                                TIME.format(secret.expiresAt()),
                                secret.about().appId()));
    }

    private static OperatorWords detected(ProviderOutageDetected outage, String app) {
        return new OperatorWords(
                "Outage: " + app + ", " + outage.region() + " (" + outage.reason() + ")",
                """
                Since %s nothing is asked of the provider for the application %s (%s)
                in %s: %s
                No connection changes its state and no merchant is mailed because of it.
                A trial runs every half minute; another mail follows when it is over.

                %s Runbook: provider-outage.

                Application: %s
                """
                        .formatted(
                                TIME.format(outage.occurredAt()),
                                app,
                                outage.about().provider(),
                                outage.region(),
                                meaning(outage.reason()),
                                remedy(outage.reason()),
                                outage.about().appId()));
    }

    private static OperatorWords cleared(ProviderOutageCleared outage, String app) {
        return new OperatorWords(
                "Over: outage of " + app + ", " + outage.region() + " (" + outage.reason() + ")",
                """
                The provider is asked again for the application %s (%s) in %s.
                The outage lasted from %s to %s.

                Application: %s
                """
                        .formatted(
                                app,
                                outage.about().provider(),
                                outage.region(),
                                TIME.format(outage.since()),
                                TIME.format(outage.occurredAt()),
                                outage.about().appId()));
    }

    private static String meaning(OutageReason reason) {
        return switch (reason) {
            case CLIENT_REFUSED -> "the client credentials are refused.";
            case THROTTLED -> "every request is throttled.";
            case PROVIDER_BROKEN -> "it answers with errors, or not at all.";
            case MASS_REFUSAL -> "many grants that should live were refused at once.";
        };
    }

    private static String remedy(OutageReason reason) {
        return switch (reason) {
            case CLIENT_REFUSED -> "Was the client secret rotated, or did it end? Add the present one.";
            case THROTTLED -> "If it lasts, lower perennial.probing.budget.";
            case PROVIDER_BROKEN -> "Look at the provider's status page and at the way there.";
            case MASS_REFUSAL -> "Wait: such waves usually heal by themselves.";
        };
    }
}
