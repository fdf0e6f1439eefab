package io.perennial.notify.email;

import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.ReminderKind;
import io.perennial.notify.links.Brand;
import io.perennial.notify.links.Contact;
import io.perennial.notify.links.ReminderLink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One made-up mail of each kind, always the same. */
final class SampleOrders {
    private static final Instant NOW = Instant.parse("2027-03-01T09:00:00Z");
    private static final UUID ID = UUID.fromString("01890000-0000-7000-8000-000000000001");

    private SampleOrders() {}

    static MailOrder of(ReminderKind kind, @Nullable String locale) {
        return new MailOrder(
                ID,
                kind,
                2,
                128,
                NOW,
                link(kind),
                contact(locale),
                "https://connect.perennial.example/unsubscribe/sample");
    }

    private static Contact contact(@Nullable String locale) {
        return new Contact(ID, "Robin Sample", "robin@merchant.example", locale, 0);
    }

    private static ReminderLink link(ReminderKind kind) {
        return new ReminderLink(
                ID,
                1,
                true,
                state(kind),
                "https://connect.perennial.example/connect/sample",
                "PRN-7Q4K-2M",
                "Sample Shop",
                "sample-1",
                endsAt(kind),
                EndsAtSource.RULE,
                "A1SAMPLE0SELLER",
                "Sample Shop",
                Provider.AMAZON_SELLER,
                Region.EU,
                new Brand(
                        "sample",
                        "Sample Commerce",
                        "Listing Sync",
                        "support@sample.example",
                        "Mon-Fri 8-18 CET",
                        "https://help.sample.example/amazon",
                        null,
                        null,
                        null,
                        null,
                        null),
                List.of(),
                null,
                false,
                null,
                null);
    }

    private static ConnectionStatus state(ReminderKind kind) {
        return switch (kind) {
            case EXPIRED, OVERDUE -> ConnectionStatus.EXPIRED;
            case REVOKED -> ConnectionStatus.REVOKED;
            default -> ConnectionStatus.ACTIVE;
        };
    }

    private static Instant endsAt(ReminderKind kind) {
        return switch (kind) {
            case EXPIRED -> NOW.minus(Duration.ofHours(1));
            case OVERDUE -> NOW.minus(Duration.ofDays(14));
            case RECONNECTED -> NOW.plus(Duration.ofDays(365));
            default -> NOW.plus(Duration.ofDays(9));
        };
    }
}
