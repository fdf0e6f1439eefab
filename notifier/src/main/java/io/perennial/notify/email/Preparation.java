package io.perennial.notify.email;

import io.quarkus.mailer.Mail;

/** A mail that is ready to leave, or the reason why it can never be. */
public sealed interface Preparation {
    /** Written and addressed. */
    final class Ready implements Preparation {
        private final Mail mail;

        Ready(Mail mail) {
            this.mail = mail;
        }

        Mail mail() {
            return mail;
        }
    }

    /** The contact's address is not exactly one mailbox. */
    record InvalidAddress() implements Preparation {}

    /** Something that the mail needs is missing or can not be laid out. */
    record Unwritable() implements Preparation {}
}
