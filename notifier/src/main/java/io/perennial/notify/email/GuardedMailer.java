package io.perennial.notify.email;

import io.quarkus.mailer.Mail;
import io.quarkus.mailer.SentMail;
import io.quarkus.mailer.runtime.MailerSupport;
import io.quarkus.mailer.runtime.Mailers;
import io.quarkus.mailer.runtime.MailersRuntimeConfig;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The mailer as {@code quarkus.mailer.*} sets it, over connections that know whether a mail may have left. */
@Singleton
class GuardedMailer {
    private final Map<String, MailAttempt> attempts = new ConcurrentHashMap<>();
    private final AtomicLong names = new AtomicLong();
    private final Mailers mailers;

    GuardedMailer(
            Vertx vertx,
            io.vertx.mutiny.core.Vertx mutiny,
            MailersRuntimeConfig settings,
            TlsConfigurationRegistry certificates,
            Event<SentMail> sent,
            MailConfig config) {
        // Later than our own patience, which so decides; a connection that nobody waits for would else stay in the
        // pool.
        MailWire wire = new MailWire(
                name -> Optional.ofNullable(attempts.get(name)),
                config.timeout().plusSeconds(1));
        this.mailers = new Mailers(
                wire.over(vertx),
                mutiny,
                settings,
                LaunchMode.current(),
                new MailerSupport(true, Set.of()),
                certificates,
                sent);
    }

    /** Hands the mail over unless the attempt is given up before. */
    Uni<Void> send(Mail mail, MailAttempt attempt) {
        String name = Long.toString(names.incrementAndGet());
        attempts.put(name, attempt);
        mail.removeHeader(MailWire.ATTEMPT).addHeader(MailWire.ATTEMPT, name);
        return mailers.reactiveMailerFromName(Mailers.DEFAULT_MAILER_NAME)
                .send(mail)
                .onTermination()
                .invoke(() -> attempts.remove(name));
    }

    @PreDestroy
    void close() {
        mailers.stop();
    }
}
