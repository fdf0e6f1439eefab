package io.perennial.notify.email;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Addresses that may stand behind a button or a picture: absolute, http or https, no user info, not endless. */
final class WebAddress {
    private static final int MAX_LENGTH = 500;

    private WebAddress() {}

    static Optional<String> link(@Nullable String text) {
        return parse(text)
                .filter(uri -> isScheme(uri, "https") || isScheme(uri, "http"))
                .map(URI::toASCIIString);
    }

    /** Pictures only over https: a mail program shows others with a warning, if at all. */
    static Optional<String> picture(@Nullable String text) {
        return parse(text).filter(uri -> isScheme(uri, "https")).map(URI::toASCIIString);
    }

    private static boolean isScheme(URI uri, String scheme) {
        return scheme.equalsIgnoreCase(uri.getScheme());
    }

    private static Optional<URI> parse(@Nullable String text) {
        if (text == null || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(text);
            return uri.getHost() != null && uri.getUserInfo() == null ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
