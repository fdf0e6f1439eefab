package io.perennial.notify.email;

import io.quarkus.mailer.Mail;

/** A mail that nobody sends, from a sender of this domain. */
public record ReadyStandIn(String domain) {
    public Preparation.Ready get() {
        return new Preparation.Ready(new Mail(), domain);
    }
}
