package io.perennial.sandbox.mail;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.server.AbstractServer;
import com.icegreen.greenmail.smtp.SmtpManager;
import com.icegreen.greenmail.smtp.SmtpServer;
import com.icegreen.greenmail.smtp.SmtpState;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** GreenMail speaks SMTP; the database keeps the mails. Nothing stays in GreenMail's memory. */
@Singleton
class SmtpInbox {

    private static final Logger LOG = Logger.getLogger(SmtpInbox.class);

    private final SmtpConfig config;
    private final Mails mails;
    private @Nullable GreenMail server;

    SmtpInbox(SmtpConfig config, Mails mails) {
        this.config = config;
        this.mails = mails;
    }

    void start(@Observes StartupEvent event) {
        GreenMail starting = new Front(new ServerSetup(config.port(), "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        starting.start();
        server = starting;
    }

    void stop(@Observes ShutdownEvent event) {
        if (server != null) {
            server.stop();
        }
    }

    private final class Front extends GreenMail {

        Front(ServerSetup setup) {
            super(setup);
        }

        @Override
        protected Map<String, AbstractServer> createServices(ServerSetup[] setups, Managers managers) {
            return Map.of(ServerSetup.PROTOCOL_SMTP, new SmtpServer(setups[0], new StoringManagers()));
        }
    }

    private final class StoringManagers extends Managers {

        private final SmtpManager storing = new StoringSmtp(this);

        @Override
        public SmtpManager getSmtpManager() {
            return storing;
        }
    }

    private final class StoringSmtp extends SmtpManager {

        StoringSmtp(Managers managers) {
            super(managers.getImapHostManager(), managers.getUserManager());
        }

        /** Called before the SMTP yes: a mail that could not be stored is refused, so that the sender tries again. */
        @Override
        public @Nullable String checkData(SmtpState state) {
            try {
                String envelope = state.getMessage().getToAddresses().stream()
                        .map(address -> address.getEmail())
                        .collect(Collectors.joining(", "));
                mails.store(state.getMessage().getMessage(), envelope);
                return null;
            } catch (MessagingException | IOException | RuntimeException e) {
                LOG.warn("a mail could not be stored and is refused", e);
                return "451 Requested action aborted: mail not stored";
            }
        }

        @Override
        public synchronized void send(SmtpState state) {
            // stored by checkData; GreenMail's own mailboxes stay empty
        }
    }
}
