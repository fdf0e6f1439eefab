package io.perennial.notify.email;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Exactly one mailbox, safe to stand in an SMTP command and in a header.
 *
 * <p>Stricter than RFC 5321 on purpose: no quoted local part, no comment, no literal, no source route, and no
 * {@code %}, by which old relays were told to forward. A domain in other letters is written in its ASCII form.
 */
public final class MailAddress {
    private static final int MAX_LENGTH = 254;
    private static final int MAX_LOCAL = 64;
    private static final Pattern LOCAL =
            Pattern.compile("[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+)*");
    private static final Pattern DOMAIN =
            Pattern.compile("([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]");

    private final String local;
    private final String domain;

    private MailAddress(String local, String domain) {
        this.local = local;
        this.domain = domain;
    }

    /** The address, or nothing if the text is anything else than one mailbox. */
    public static Optional<MailAddress> parse(@Nullable String text) {
        if (text == null || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        int at = text.lastIndexOf('@');
        if (at < 1 || at > MAX_LOCAL || !LOCAL.matcher(text.substring(0, at)).matches()) {
            return Optional.empty();
        }
        return asciiDomain(text.substring(at + 1))
                .filter(domain -> at + 1 + domain.length() <= MAX_LENGTH)
                .map(domain -> new MailAddress(text.substring(0, at), domain));
    }

    private static Optional<String> asciiDomain(String domain) {
        try {
            String ascii = IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
            return DOMAIN.matcher(ascii).matches() ? Optional.of(ascii) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** As it stands in {@code RCPT TO} and {@code To}. */
    String wire() {
        return local + "@" + domain;
    }

    /** The same text for every way to write the same mailbox; in practice the local part knows no case either. */
    public String canonical() {
        return wire().toLowerCase(Locale.ROOT);
    }

    String domain() {
        return domain;
    }

    /** Never the address: it must not reach a log. */
    @Override
    public String toString() {
        return "MailAddress[…]";
    }
}
