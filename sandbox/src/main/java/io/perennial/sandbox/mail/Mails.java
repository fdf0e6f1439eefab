package io.perennial.sandbox.mail;

import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.database.Row;
import jakarta.inject.Singleton;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All mails ever received, in the order of their arrival. */
@Singleton
class Mails {

    private static final String COLUMNS =
            "id, sender, recipients, subject, text_body, html_body, message_id, received_at";

    private final Database database;
    private final SandboxClock clock;

    Mails(Database database, SandboxClock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Stores the mail; when this returns, it survives a restart. */
    void store(MimeMessage message, String envelopeRecipients) throws MessagingException, IOException {
        MailContent content = MailContent.of(message);
        String to = MailContent.recipients(message);
        database.update(
                """
                insert into mail (message_id, sender, recipients, subject, text_body, html_body, received_at)
                values (?, ?, ?, ?, ?, ?, ?)
                """,
                message.getMessageID(),
                MailContent.sender(message),
                to.isEmpty() ? envelopeRecipients : to,
                MailContent.subject(message),
                content.text(),
                content.html(),
                clock.instant());
    }

    List<Mail> received(@Nullable String to) {
        return database.list(
                "select " + COLUMNS + " from mail where ?::text is null or position(lower(?) in lower(recipients)) > 0"
                        + " order by id",
                Mails::read,
                to,
                to);
    }

    /** Without bodies, newest first: for the page. */
    List<Mail> newest(int limit) {
        return database.list(
                """
                select id, sender, recipients, subject, null::text as text_body, null::text as html_body, message_id,
                       received_at
                from mail order by id desc limit ?
                """,
                Mails::read,
                limit);
    }

    Optional<Mail> find(long id) {
        return database.first("select " + COLUMNS + " from mail where id = ?", Mails::read, id);
    }

    private static Mail read(Row row) {
        return new Mail(
                row.number("id"),
                row.findText("sender"),
                row.text("recipients"),
                row.text("subject"),
                row.findText("text_body"),
                row.findText("html_body"),
                row.findText("message_id"),
                row.instant("received_at"));
    }
}
