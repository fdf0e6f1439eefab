package io.perennial.service;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells hosts of the own machine and the own network by how they are written. Names are not looked up: what a name of the
 * outside leads to is for {@link Destinations} to refuse when it is called.
 */
public final class Hosts {
    private static final Pattern DOTTED = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

    /** WHATWG URL, host parsing: a host whose last label is such a number is an IPv4 address, in any of its spellings. */
    private static final Pattern NUMBER = Pattern.compile("\\d+|0x[0-9a-f]*");

    private static final Pattern OWN_NAMES = Pattern.compile("(.*\\.)?(localhost|local|internal|localdomain)");

    /** RFC 6052: the prefix under which a network that speaks IPv6 alone reaches IPv4 addresses (64:ff9b::/96). */
    private static final byte[] TRANSLATED = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

    private Hosts() {}

    /** Whether a host is the own machine, or none that {@link java.net.URI} could read, such as 127.1. */
    public static boolean isLoopback(@Nullable String host) {
        String name = plain(host);
        if (name.isEmpty() || name.equals("localhost") || name.endsWith(".localhost")) {
            return true;
        }
        if (!isAddress(name)) {
            return false;
        }
        InetAddress address = literal(name);
        return address == null || address.isLoopbackAddress() || address.isAnyLocalAddress();
    }

    /**
     * Whether a host lies in the own network, or is written as no honest address is: private, loopback, link-local and
     * reserved addresses (IANA's special-purpose registries), numbers that are no dotted quad, names without a dot.
     */
    public static boolean isInside(@Nullable String host) {
        String name = plain(host);
        if (isAddress(name)) {
            InetAddress address = literal(name);
            return address == null || isInside(address);
        }
        return !name.contains(".") || OWN_NAMES.matcher(name).matches();
    }

    private static String plain(@Nullable String host) {
        String name = host == null ? "" : host.toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static boolean isAddress(String name) {
        return name.contains(":")
                || NUMBER.matcher(name.substring(name.lastIndexOf('.') + 1)).matches();
    }

    private static @Nullable InetAddress literal(String name) {
        if (!name.contains(":") && !DOTTED.matcher(name).matches()) {
            return null;
        }
        try {
            // A literal: nobody is asked.
            return InetAddress.getByName(name);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    static boolean isInside(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (bytes.length == 4) {
            return first == 0
                    || first >= 240
                    || (first == 100 && second >= 64 && second < 128)
                    || (first == 192 && second == 0)
                    || (first == 198 && (second == 18 || second == 19));
        }
        if (Arrays.equals(bytes, 0, TRANSLATED.length, TRANSLATED, 0, TRANSLATED.length)) {
            return isInside(embedded(bytes));
        }
        // Outside of the global unicast addresses, and what carries an IPv4 address inside of them (6to4).
        return first < 0x20 || first > 0x3f || (first == 0x20 && second == 0x02);
    }

    private static InetAddress embedded(byte[] translated) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(translated, TRANSLATED.length, translated.length));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four bytes are an address", e);
        }
    }
}
