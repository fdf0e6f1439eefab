package io.perennial.notify.email;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.time.LocalTime;

/** How mails are sent. The mail server itself is set by {@code quarkus.mailer.*}. */
@ConfigMapping(prefix = "perennial.mail")
interface MailConfig {
    /** Sender of mails of tenants that have no address of their own; its domain also stands in every Message-ID. */
    @WithDefault("reminders@perennial.example")
    String senderAddress();

    /** When mails leave that can wait, in the time zone of their tenant; those to operators in UTC. */
    @WithDefault("09:00")
    LocalTime morning();

    /** How long they are held back instead where the domain clock was moved: its mornings do not come by waiting. */
    @WithDefault("PT1S")
    Duration settle();

    /** How long the mail server may take for one mail. Past its final dot nobody knows whether the mail left. */
    @WithDefault("PT60S")
    Duration timeout();
}
