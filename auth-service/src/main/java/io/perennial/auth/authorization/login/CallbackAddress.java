package io.perennial.auth.authorization.login;

import io.perennial.contracts.Region;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An {@code amazon_callback_uri}, taken apart. Anybody can write one: what is not plainly an address of the shape that
 * Amazon uses is none.
 *
 * @param base what stands before {@code /apps/authorize/confirm/}
 * @param region of Amazon's host; null if the host is none of Amazon's
 */
record CallbackAddress(
        String text, String base, String applicationId, @Nullable Region region, boolean vendors, boolean loopback) {
    private static final int MAX = 1_000;
    private static final Pattern SHAPE = Pattern.compile(
            "(https?://[A-Za-z0-9.:-]{1,253}[a-z0-9/-]{0,100})/apps/authorize/confirm/([A-Za-z0-9._-]{1,200})");
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

    /** Null if it is no address of a consent that waits to be confirmed. */
    static @Nullable CallbackAddress read(String text) {
        Matcher shape = text.length() > MAX ? null : SHAPE.matcher(text);
        if (shape == null || !shape.matches()) {
            return null;
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
        String host = uri.getHost();
        if (host == null || uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            return null;
        }
        String base = shape.group(1);
        boolean amazons = base.equals("https://" + host.toLowerCase(Locale.ROOT));
        Region region = amazons ? CentralHosts.region(host) : null;
        return new CallbackAddress(
                text,
                base,
                shape.group(2),
                region,
                region != null && CentralHosts.ofVendors(host),
                !"https".equals(uri.getScheme()) && LOOPBACK.contains(host));
    }

    boolean encrypted() {
        return text.startsWith("https://");
    }
}
