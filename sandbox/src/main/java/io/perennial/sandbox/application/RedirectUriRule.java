package io.perennial.sandbox.application;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/**
 * Which addresses an application may register: https and without fragment, as at Amazon. The sandbox's sole kindness is
 * plain http on a loopback host.
 */
final class RedirectUriRule {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private RedirectUriRule() {}

    static Optional<String> violation(String address) {
        URI uri;
        try {
            uri = new URI(address);
        } catch (URISyntaxException e) {
            return Optional.of("is no URI");
        }
        if (uri.getHost() == null || uri.getScheme() == null) {
            return Optional.of("must be absolute");
        }
        if (uri.getRawFragment() != null) {
            return Optional.of("must not contain #");
        }
        boolean https = uri.getScheme().equals("https");
        boolean loopback = uri.getScheme().equals("http") && LOOPBACK.contains(uri.getHost());
        return https || loopback ? Optional.empty() : Optional.of("must be https (or http on a loopback host)");
    }
}
