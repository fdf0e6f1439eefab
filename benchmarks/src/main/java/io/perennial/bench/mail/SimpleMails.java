package io.perennial.bench.mail;

import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.LoopbackPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.simplejavamail.api.mailer.Mailer;
import org.simplejavamail.api.mailer.config.TransportStrategy;
import org.simplejavamail.email.EmailBuilder;
import org.simplejavamail.mailer.MailerBuilder;

/** A peer: Simple Java Mail with its batch module, that is with pooled connections. Sends, and keeps no account of it. */
final class SimpleMails implements Arm, AutoCloseable {
    private final Mailer mailer;
    private final int mails;

    SimpleMails(int port, int connections, int mails) {
        this.mails = mails;
        this.mailer = MailerBuilder.withSMTPServer(LoopbackPort.HOST, port)
                .withTransportStrategy(TransportStrategy.SMTP)
                .withProperty("mail.smtp.starttls.enable", "false")
                .withThreadPoolSize(connections)
                .withConnectionPoolCoreSize(connections)
                .withConnectionPoolMaxSize(connections)
                .buildMailer();
    }

    @Override
    public String name() {
        return "simple-java-mail";
    }

    @Override
    public List<Long> processes() {
        return List.of(ProcessHandle.current().pid());
    }

    @Override
    public Work work(Duration length) {
        long began = System.nanoTime();
        List<CompletableFuture<Void>> sent = new ArrayList<>(mails);
        for (int i = 1; i <= mails; i++) {
            sent.add(mailer.sendMail(
                    EmailBuilder.startingBlank()
                            .from(Letterhead.SENDER)
                            .to(Letterhead.recipient(i))
                            .withSubject(Letterhead.SUBJECT)
                            .withPlainText(Letterhead.text())
                            .withHTMLText(Letterhead.html())
                            .buildEmail(),
                    true));
        }
        try {
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        } catch (ExecutionException e) {
            throw new LauncherException("Simple Java Mail failed: " + e.getCause(), e);
        }
        return new Work(mails, (System.nanoTime() - began) / 1e9);
    }

    @Override
    public void close() {
        try {
            mailer.shutdownConnectionPool().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new LauncherException("the pool can not be closed: " + e.getCause(), e);
        }
    }
}
