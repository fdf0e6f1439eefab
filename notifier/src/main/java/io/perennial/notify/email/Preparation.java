package io.perennial.notify.email;

import io.quarkus.mailer.Mail;

/** A mail that is ready to leave, or the reason why it can never be. */
public sealed interface Preparation {
    /** Written and addressed. */
    final class Ready implements Preparation {
        private final Mail mail;
        private final String senderDomain;

        Ready(Mail mail, String senderDomain) {
            this.mail = mail;
            this.senderDomain = senderDomain;
        }

        /** By it mail servers judge how we send. */
        public String senderDomain() {
            return senderDomain;
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
