package io.perennial.console.connection;

import io.perennial.console.view.ReminderView;
import io.perennial.console.words.Names;
import io.perennial.console.words.Tone;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One mail, in words. */
record ReminderLine(String kind, @Nullable Integer stage, String result, Tone tone, Instant at) {

    static ReminderLine of(ReminderView mail) {
        String because = mail.code() == null ? "" : " (" + Names.plain(mail.code()) + ")";
        String kind = Names.of(mail.kind());
        return switch (mail.result()) {
            case "SENT" -> new ReminderLine(kind, mail.stage(), "Sent", Tone.GOOD, mail.at());
            case "FAILED" -> new ReminderLine(kind, mail.stage(), "Refused" + because, Tone.BAD, mail.at());
            case "SUPPRESSED" -> new ReminderLine(kind, mail.stage(), "Not sent" + because, Tone.IDLE, mail.at());
            default -> new ReminderLine(kind, mail.stage(), "Uncertain, not sent twice", Tone.SOON, mail.at());
        };
    }
}
