package io.perennial.sandbox.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.sandbox.Http;
import io.perennial.sandbox.SandboxDatabase;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.Properties;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(SandboxDatabase.class)
class InboxTest {

    @ConfigProperty(name = "perennial.sandbox.smtp.port")
    int port;

    @Inject
    io.perennial.sandbox.database.Database database;

    private final Http http = new Http();

    @Test
    void a_mail_is_stored_once_accepted_and_shown_in_both_forms() throws MessagingException {
        send(
                "owner@alder.example",
                "Zugriff läuft ab",
                "Grüße",
                "<p>Grüße <a href='http://localhost:8081/x'>hier</a></p>");

        JsonNode mails = Http.json(http.get("/sandbox/mails?to=OWNER@alder.example"));
        JsonNode mail = mails.get(mails.size() - 1);
        assertThat(mail.get("to").asText()).isEqualTo("owner@alder.example");
        assertThat(mail.get("subject").asText()).isEqualTo("Zugriff läuft ab");
        assertThat(mail.get("text").asText()).isEqualToIgnoringNewLines("Grüße");
        assertThat(mail.get("html").asText()).contains("http://localhost:8081/x");
        assertThat(mail.get("messageId").asText()).startsWith("<");
        assertThat(mail.get("receivedAt").asText()).endsWith("Z");
        String page = "/mails/" + mail.get("id").asText();
        assertThat(http.get("/mails").body()).contains(page);
        assertThat(http.get(page).body()).contains("Grüße").contains("sandbox=\"allow-popups");
        var html = http.get(page + "/html");
        assertThat(html.body()).contains("<a href='http://localhost:8081/x'>");
        assertThat(html.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("sandbox ");
    }

    @Test
    void a_subject_with_markup_is_escaped() throws MessagingException {
        send("x@y.example", "<script>alert(1)</script>", "t", null);

        assertThat(http.get("/mails").body()).doesNotContain("<script>alert").contains("&lt;script&gt;");
    }

    @Test
    void mails_are_rows() throws MessagingException {
        int before = rows();

        send("row@y.example", "s", "t", null);

        assertThat(rows()).isEqualTo(before + 1);
        assertThat(http.get("/mails/999999").statusCode()).isEqualTo(404);
    }

    private int rows() {
        return database.list("select id from mail", row -> row.number("id")).size();
    }

    private void send(String to, String subject, String text, String html) throws MessagingException {
        Properties properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", Integer.toString(port));
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress("reminders@perennial.example"));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(to));
        message.setSubject(subject, "UTF-8");
        if (html == null) {
            message.setText(text, "UTF-8");
        } else {
            MimeBodyPart plain = new MimeBodyPart();
            plain.setText(text, "UTF-8");
            MimeBodyPart rich = new MimeBodyPart();
            rich.setText(html, "UTF-8", "html");
            message.setContent(new MimeMultipart("alternative", plain, rich));
        }
        Transport.send(message);
    }
}
