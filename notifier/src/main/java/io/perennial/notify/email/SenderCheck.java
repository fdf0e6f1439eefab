package io.perennial.notify.email;

import io.perennial.service.Mode;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Refuses a production start that would write to merchants from an example address. */
@Singleton
class SenderCheck {
    private final MailConfig config;
    private final Mode mode;

    SenderCheck(MailConfig config, Mode mode) {
        this.config = config;
        this.mode = mode;
    }

    void check(@Observes StartupEvent start) {
        require(config.senderAddress(), mode);
    }

    static void require(String senderAddress, Mode mode) {
        boolean usable = MailAddress.parse(senderAddress)
                .filter(address -> mode == Mode.SANDBOX || !address.domain().endsWith(".example"))
                .isPresent();
        if (!usable) {
            throw new IllegalStateException(
                    "perennial.mail.sender-address must be a mail address of yours; mails to merchants come from it");
        }
    }
}
