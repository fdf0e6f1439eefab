package io.perennial.sandbox.mail;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The readable parts of a MIME message. */
final class MailContent {

    private @Nullable String text;
    private @Nullable String html;

    private MailContent() {}

    static MailContent of(MimeMessage message) throws MessagingException, IOException {
        MailContent content = new MailContent();
        content.collect(message);
        return content;
    }

    @Nullable
    String text() {
        return text;
    }

    @Nullable
    String html() {
        return html;
    }

    static String recipients(MimeMessage message) throws MessagingException {
        return addresses(message.getRecipients(Message.RecipientType.TO));
    }

    static String sender(MimeMessage message) throws MessagingException {
        return addresses(message.getFrom());
    }

    static String subject(MimeMessage message) throws MessagingException {
        return message.getSubject() == null ? "" : message.getSubject();
    }

    private static String addresses(Address @Nullable [] addresses) {
        if (addresses == null) {
            return "";
        }
        return Arrays.stream(addresses).map(MailContent::readable).collect(Collectors.joining(", "));
    }

    private static String readable(Address address) {
        try {
            return MimeUtility.decodeText(address.toString());
        } catch (IOException e) {
            return address.toString();
        }
    }

    private void collect(Part part) throws MessagingException, IOException {
        if (part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                collect(parts.getBodyPart(i));
            }
        } else if (part.isMimeType("text/html") && html == null) {
            html = String.valueOf(part.getContent());
        } else if (part.isMimeType("text/plain") && text == null) {
            text = String.valueOf(part.getContent());
        }
    }
}
