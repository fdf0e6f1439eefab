package io.perennial.notify.reminder;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import java.time.Duration;

/** How reminders are delivered. */
@ConfigMapping(prefix = "perennial.reminders")
interface ReminderConfig {
    /** How many reminders one delivery takes; what else waits for the same contacts comes with them. */
    @WithDefault("40")
    @Min(1)
    @Max(400)
    int batchSize();

    /**
     * How many mails are with the mail server at once. As many again have their intent or wait to be written down, so a kill
     * can leave twice as many AMBIGUOUS. More than {@code quarkus.mailer.max-pool-size} wait for a connection.
     */
    @WithDefault("8")
    @Min(1)
    @Max(100)
    int parallelMails();

    /** How long a claim lasts, on the machine clock. Must outlast the question for links. */
    @WithDefault("PT15S")
    Duration claim();

    /** How long the claim of a mail lasts that is about to leave, on the machine clock. */
    @WithDefault("PT2M")
    Duration lease();

    /** A mail is not begun when less than this is left of the lease. Longer than perennial.mail.timeout. */
    @WithDefault("PT75S")
    Duration leaseReserve();

    /**
     * How many mails a second leave from one sender's domain, over all replicas. The default is careful: raise it to what
     * your mail provider allows.
     */
    @WithDefault("50")
    @Positive
    double perSecond();

    /** How many mails of one sender may leave at once after a pause. */
    @WithDefault("100")
    @Min(1)
    int burst();

    /** How often the loop looks for due reminders when nothing wakes it. */
    @WithDefault("PT0.5S")
    Duration pollInterval();

    /** How long a person waits before the link of a connection can be mailed again. */
    @WithDefault("PT5M")
    Duration linkPause();

    /** False keeps the delivery loop still. */
    @WithDefault("true")
    boolean delivering();
}
