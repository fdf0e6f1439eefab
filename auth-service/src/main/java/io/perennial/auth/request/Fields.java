package io.perennial.auth.request;

import io.perennial.problem.FieldError;
import io.perennial.problem.ProblemException;
import io.perennial.service.Hosts;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the fields of one request and reports all faults together. */
public final class Fields {
    private static final Pattern LOCALE = Pattern.compile("[a-z]{2}(-[A-Z][a-z]{3})?(-[A-Z]{2})?");
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final int MAX_URL = 2_000;

    private final List<FieldError> errors = new ArrayList<>();

    /** Reports a fault. */
    public void reject(String field, String message) {
        errors.add(new FieldError(field, message));
    }

    /** Whether a fault of this field was reported already. */
    public boolean rejects(String field) {
        return errors.stream().anyMatch(error -> error.field().equals(field));
    }

    /** Ends the request if a field is wrong. */
    public void verify() {
        if (!errors.isEmpty()) {
            throw ProblemException.invalidFields(errors);
        }
    }

    /** A required value. */
    public void required(String field, @Nullable Object value) {
        if (value == null) {
            reject(field, "is required");
        }
    }

    /** A required line of text. */
    public void line(String field, @Nullable String value, int maximum) {
        required(field, value);
        optionalLine(field, value, maximum);
    }

    /** A line of text, if given: not blank, no control or direction-changing characters, at most {@code maximum}. */
    public void optionalLine(String field, @Nullable String value, int maximum) {
        if (value == null) {
            return;
        }
        if (value.isBlank()) {
            reject(field, "must not be blank");
        } else if (value.length() > maximum) {
            reject(field, "must be at most " + maximum + " characters");
        } else if (value.codePoints().anyMatch(Fields::forbidden)) {
            reject(field, "must not contain control characters");
        }
    }

    /** A text that matches, if given. */
    public void optionalMatch(String field, @Nullable String value, Pattern pattern, String message) {
        if (value != null && !pattern.matcher(value).matches()) {
            reject(field, message);
        }
    }

    /** One mail address, if given. */
    public void optionalMailbox(String field, @Nullable String value) {
        if (value != null && !Mailbox.valid(value)) {
            reject(field, "must be one mail address");
        }
    }

    /** A language such as {@code de}, {@code en-GB} or {@code zh-Hans}, if given. */
    public void optionalLocale(String field, @Nullable String value) {
        optionalMatch(field, value, LOCALE, "must be a language such as de, en-GB or zh-Hans");
    }

    /** A list without nulls and duplicates, of at most {@code maximum} entries; an absent list is empty. */
    public <T> List<T> list(String field, @Nullable List<T> values, int maximum) {
        if (values == null) {
            return List.of();
        }
        if (values.size() > maximum) {
            reject(field, "must have at most " + maximum + " entries");
            return List.of();
        }
        if (values.stream().anyMatch(value -> value == null)) {
            reject(field, "must not contain null");
            return List.of();
        }
        if (new HashSet<>(values).size() != values.size()) {
            reject(field, "must not contain an entry twice");
        }
        return List.copyOf(values);
    }

    /**
     * An absolute https URL without user info or fragment, if given.
     *
     * @param loopback whether http to the own machine will do (the sandbox)
     */
    public void optionalUrl(String field, @Nullable String value, boolean loopback) {
        if (value != null && !url(value, loopback)) {
            reject(field, "must be an https URL");
        }
    }

    /**
     * An address that a service calls, if given: as {@link #optionalUrl}, and outside the sandbox none of the own network.
     *
     * @param sandbox whether the provider's stand-in may be called, which runs beside us
     */
    public void optionalCalledUrl(String field, @Nullable String value, boolean sandbox) {
        if (value != null && !url(value, sandbox)) {
            reject(field, "must be an https URL");
        } else if (value != null && !sandbox && Hosts.isInside(URI.create(value).getHost())) {
            reject(field, "must not lead to the own network");
        }
    }

    private static boolean url(String value, boolean loopback) {
        if (value.length() > MAX_URL || value.codePoints().anyMatch(c -> c <= ' ' || c == '\\' || c >= 0x7f)) {
            return false;
        }
        try {
            URI uri = new URI(value);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean safe =
                    scheme.equals("https") || (loopback && scheme.equals("http") && LOOPBACK.contains(uri.getHost()));
            return safe && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean forbidden(int c) {
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }
}
