package io.perennial.bench.mail;

import io.perennial.bench.lab.Lab;
import io.perennial.bench.load.ClosedLoop;
import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.LoopbackPort;
import io.vertx.core.Future;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.StartTLSOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A peer: the client under the Quarkus mailer with that mailer's defaults. Sends, and keeps no account of it. */
final class VertxMails implements Arm, AutoCloseable {
    private final Lab lab;
    private final MailClient client;
    private final int connections;
    private final int mails;

    VertxMails(Lab lab, int port, int connections, int mails) {
        this.lab = lab;
        this.connections = connections;
        this.mails = mails;
        this.client = MailClient.create(
                lab.vertx(),
                new MailConfig(LoopbackPort.HOST, port)
                        .setMaxPoolSize(connections)
                        .setKeepAlive(true)
                        .setStarttls(StartTLSOptions.DISABLED));
    }

    @Override
    public String name() {
        return "quarkus-mailer";
    }

    @Override
    public List<Long> processes() {
        return List.of(ProcessHandle.current().pid());
    }

    @Override
    public Work work(Duration length) {
        AtomicInteger next = new AtomicInteger();
        Work work = new ClosedLoop(lab.vertx(), connections).run(Duration.ofMinutes(2), () -> {
            int number = next.incrementAndGet();
            return number > mails ? null : send(number);
        });
        if (work.items() != mails) {
            throw new LauncherException(work.items() + " of " + mails + " mails were sent");
        }
        return work;
    }

    private Future<?> send(int number) {
        return client.sendMail(new MailMessage()
                .setFrom(Letterhead.SENDER)
                .setTo(Letterhead.recipient(number))
                .setSubject(Letterhead.SUBJECT)
                .setText(Letterhead.text())
                .setHtml(Letterhead.html()));
    }

    @Override
    public void close() {
        client.close();
    }
}
