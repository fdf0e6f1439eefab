package io.perennial.notify.email;

import io.perennial.contracts.ReminderKind;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every mail to merchants, about made-up connections: to look at, and to send to oneself. */
@Singleton
public class Samples {
    /** The name, beside those of {@link ReminderKind}, of a mail about several connections. */
    static final String COLLECTED = "COLLECTED";

    private final Mails mails;
    private final CollectedMails collected;

    Samples(Mails mails, CollectedMails collected) {
        this.mails = mails;
        this.collected = collected;
    }

    /** The mail of this name, in upper or lower case; empty if there is none. */
    Optional<MailContent> of(String name, @Nullable String locale) {
        String kind = name.toUpperCase(Locale.ROOT);
        if (kind.equals(COLLECTED)) {
            return Optional.of(collected.write(new CollectedOrder(List.of(
                    SampleOrders.of(ReminderKind.EXPIRING, locale), SampleOrders.of(ReminderKind.OVERDUE, locale)))));
        }
        return Arrays.stream(ReminderKind.values())
                .filter(one -> one.name().equals(kind))
                .findFirst()
                .map(one -> mails.write(SampleOrders.of(one, locale)));
    }
}
