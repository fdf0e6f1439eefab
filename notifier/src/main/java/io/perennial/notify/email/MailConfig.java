package io.perennial.notify.email;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How mails are sent. The mail server itself is set by {@code quarkus.mailer.*}. */
@ConfigMapping(prefix = "perennial.mail")
interface MailConfig {
    /** Sender of mails of tenants that have no address of their own; its domain also stands in every Message-ID. */
    @WithDefault("reminders@perennial.example")
    String senderAddress();

    /** How long the mail server may take for one mail. Past it nobody knows whether the mail left. */
    @WithDefault("PT60S")
    Duration timeout();
}
