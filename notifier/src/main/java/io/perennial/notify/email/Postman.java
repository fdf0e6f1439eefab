package io.perennial.notify.email;

import io.perennial.notify.email.MailLayout.MailBody;
import io.perennial.notify.links.Brand;
import io.perennial.notify.links.Contact;
import io.quarkus.mailer.Mail;
import io.quarkus.qute.TemplateException;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.mail.SMTPException;
import jakarta.inject.Singleton;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Prepares mails and hands them to the mail server.
 *
 * <p>Every header with foreign text is encoded here, whatever the mail library would do with it. Neither an address nor
 * an answer of the mail server (which repeats the address) is logged.
 */
@Singleton
public class Postman {
    private static final Logger LOG = Logger.getLogger(Postman.class);

    /** Our credentials or our encryption are refused, not the mail (RFC 4954, RFC 3207). */
    private static final Set<Integer> OUR_FAULT = Set.of(454, 530, 534, 535, 538);

    /** The address, not the mail, is refused (RFC 5321 4.2.2); only looked at without a code of RFC 3463. */
    private static final Set<Integer> NO_SUCH_MAILBOX = Set.of(550, 551, 553);

    private static final Pattern ENHANCED = Pattern.compile("5\\d\\d[ -]5\\.(\\d{1,3})\\.\\d{1,3}");

    private static final String OWN_NAME = "Perennial";

    // The mail client tells of this one by its text alone; nothing was sent then.
    private static final String NO_TLS = "STARTTLS required";

    private final Mails mails;
    private final CollectedMails collected;
    private final Samples samples;
    private final MailLayout layout;
    private final GuardedMailer mailer;
    private final MailConfig config;
    private final Optional<MailAddress> ownAddress;

    Postman(
            Mails mails,
            CollectedMails collected,
            Samples samples,
            MailLayout layout,
            GuardedMailer mailer,
            MailConfig config) {
        this.samples = samples;
        this.mails = mails;
        this.collected = collected;
        this.layout = layout;
        this.mailer = mailer;
        this.config = config;
        this.ownAddress = MailAddress.parse(config.senderAddress());
    }

    /** Writes the mail and checks the address. Talks to nobody. */
    public Preparation prepare(MailOrder order) {
        return prepare(order.contact(), order, () -> mails.write(order));
    }

    private Preparation prepare(Contact contact, MailOrder order, Supplier<MailContent> words) {
        Optional<MailAddress> recipient = MailAddress.parse(contact.email());
        if (recipient.isEmpty()) {
            return new Preparation.InvalidAddress();
        }
        try {
            return new Preparation.Ready(
                    mail(order, words.get(), recipient.get()),
                    sender(order.about().tenant()).domain());
        } catch (UnwritableMailException | TemplateException e) {
            LOG.errorf(
                    e,
                    "A mail can not be written and is given up; connectionId=%s kind=%s",
                    order.about().connectionId(),
                    order.kind());
            return new Preparation.Unwritable();
        }
    }

    /** Writes one mail about several connections of one contact and checks the address. Talks to nobody. */
    public Preparation prepare(CollectedOrder order) {
        return prepare(order.contact(), order.first(), () -> collected.write(order));
    }

    /** Writes a mail to an operator and checks the address. Talks to nobody. */
    public Preparation prepare(OperatorLetter letter) {
        return MailAddress.parse(letter.recipient())
                .<Preparation>map(recipient -> new Preparation.Ready(
                        mail(letter, recipient), ownAddress().domain()))
                .orElseGet(Preparation.InvalidAddress::new);
    }

    /** Writes a sample and checks the address; empty if there is no sample of that name. Talks to nobody. */
    public Optional<Preparation> prepare(SampleLetter letter) {
        return samples.of(letter.name(), letter.locale()).map(content -> MailAddress.parse(letter.recipient())
                .<Preparation>map(recipient -> new Preparation.Ready(
                        mail(letter, content, recipient), ownAddress().domain()))
                .orElseGet(Preparation.InvalidAddress::new));
    }

    private Mail mail(SampleLetter letter, MailContent content, MailAddress recipient) {
        MailBody body = layout.lay(content);
        return addressed(recipient, ownAddress(), OWN_NAME)
                .setText(body.text())
                .setHtml(body.html())
                .addHeader("Subject", HeaderText.unstructured("[Test] " + content.subject()))
                .addHeader("Message-ID", messageId(letter.id()))
                .addHeader("Date", date(letter.now()))
                .addHeader("Content-Language", content.language());
    }

    private Mail mail(OperatorLetter letter, MailAddress recipient) {
        MailAddress sender = ownAddress();
        return addressed(recipient, sender, OWN_NAME)
                .setText(letter.text())
                .addHeader("Subject", HeaderText.unstructured(letter.subject()))
                .addHeader("Message-ID", messageId(letter.id()))
                .addHeader("Date", date(letter.now()))
                .addHeader("Content-Language", "en");
    }

    private Mail mail(MailOrder order, MailContent content, MailAddress recipient) {
        MailBody body = layout.lay(content);
        Brand brand = order.about().tenant();
        Mail mail = addressed(recipient, sender(brand), senderName(brand, content))
                .setText(body.text())
                .setHtml(body.html())
                .addHeader("Subject", HeaderText.unstructured(content.subject()))
                .addHeader("Message-ID", messageId(order.reminderId()))
                .addHeader("Date", date(order.now()))
                .addHeader("Content-Language", content.language());
        String unsubscribeUrl = order.unsubscribeUrl();
        if (unsubscribeUrl != null) {
            // RFC 8058: the mail program posts by itself; whoever signs our mails (DKIM) must cover both headers.
            mail.addHeader("List-Unsubscribe", "<" + unsubscribeUrl + ">")
                    .addHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        replyTo(brand).ifPresent(address -> mail.setReplyTo(address.wire()));
        return mail;
    }

    private static Mail addressed(MailAddress recipient, MailAddress sender, String senderName) {
        return new Mail()
                .addTo(recipient.wire())
                .setFrom(sender.wire())
                .setSubject("")
                .addHeader("To", recipient.wire())
                .addHeader("From", HeaderText.mailbox(senderName, sender))
                .addHeader("Auto-Submitted", "auto-generated")
                .addHeader("X-Auto-Response-Suppress", "All");
    }

    private static String date(Instant at) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC));
    }

    private static String senderName(@Nullable Brand brand, MailContent content) {
        return brand == null ? content.sender() : PlainText.firstName(brand.senderName(), content.sender());
    }

    private static Optional<MailAddress> replyTo(@Nullable Brand brand) {
        return brand == null ? Optional.empty() : MailAddress.parse(brand.supportEmail());
    }

    private MailAddress sender(@Nullable Brand brand) {
        return Optional.ofNullable(brand)
                .flatMap(b -> MailAddress.parse(b.senderAddress()))
                .orElseGet(this::ownAddress);
    }

    private MailAddress ownAddress() {
        return ownAddress.orElseThrow(
                () -> new IllegalStateException("perennial.mail.sender-address is no mail address"));
    }

    /** The same for every attempt, so that a mail program can recognise a double. */
    private String messageId(UUID reminderId) {
        return "<" + reminderId + "@" + ownAddress().domain() + ">";
    }

    /** How long the mail server may take for one mail. */
    public Duration timeout() {
        return config.timeout();
    }

    /** Hands the mail to the mail server. Never fails: what happened is the result. */
    public Uni<PostResult> post(Preparation.Ready ready) {
        return Uni.createFrom().deferred(() -> {
            MailAttempt attempt = new MailAttempt();
            return mailer.send(ready.mail(), attempt)
                    .<PostResult>map(done -> new PostResult.Accepted())
                    .ifNoItem()
                    .after(config.timeout())
                    .fail()
                    .onFailure()
                    .recoverWithItem(failure -> result(failure, attempt));
        });
    }

    /** Codes of RFC 3463 where the server gives them: the text tells, because the library keeps them in one place for all. */
    private static boolean isAboutMailbox(SMTPException refusal) {
        Matcher precise = ENHANCED.matcher(String.valueOf(refusal.getReplyMessage()));
        return precise.lookingAt()
                ? precise.group(1).equals("1") || precise.group().endsWith("5.2.1")
                : NO_SUCH_MAILBOX.contains(refusal.getReplyCode());
    }

    /** An answer of the mail server is clear at any time; of anything else the attempt knows whether the mail may have left. */
    static PostResult result(Throwable failure, MailAttempt attempt) {
        if (failure instanceof SMTPException smtp) {
            String code = "SMTP_" + smtp.getReplyCode();
            return smtp.isPermanent() && !OUR_FAULT.contains(smtp.getReplyCode())
                    ? new PostResult.Refused(code, isAboutMailbox(smtp))
                    : new PostResult.TryLater(code);
        }
        return attempt.giveUp()
                ? new PostResult.TryLater(whyItStayed(failure))
                : new PostResult.Unknown(silenceOrLoss(failure));
    }

    private static String whyItStayed(Throwable failure) {
        if (failure instanceof ConnectException || failure instanceof UnknownHostException) {
            return "MAIL_SERVER_UNREACHABLE";
        }
        String text = failure.getMessage();
        if (failure instanceof SSLException || (text != null && text.startsWith(NO_TLS))) {
            LOG.error("The mail server offers no encryption that we trust; mails wait until it does");
            return "MAIL_SERVER_NOT_TRUSTED";
        }
        return silenceOrLoss(failure);
    }

    private static String silenceOrLoss(Throwable failure) {
        return failure instanceof TimeoutException ? "NO_ANSWER" : "CONNECTION_LOST";
    }
}
