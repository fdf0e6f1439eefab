package io.perennial.auth.authorization.page;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that tells one browser from another: random, unreadable for scripts, and the only thing that ties an answer
 * of the provider to the browser that started. Its name carries the port, because cookies do not know ports.
 */
@ApplicationScoped
public class BrowserCookie {
    private static final int SECONDS = 30 * 24 * 60 * 60;
    private static final Map<String, Integer> USUAL_PORTS = Map.of("https", 443, "http", 80);

    private final Randomness randomness;
    private final String name;
    private final boolean secure;

    BrowserCookie(PublicConfig config, Randomness randomness) {
        this.randomness = randomness;
        URI url = config.url();
        int port = url.getPort() < 0 ? USUAL_PORTS.getOrDefault(url.getScheme(), 0) : url.getPort();
        this.secure = "https".equals(url.getScheme());
        this.name = (secure ? "__Host-" : "") + "perennial-auth-" + port;
    }

    public String name() {
        return name;
    }

    public boolean secure() {
        return secure;
    }

    /** The browser's own random text; null if it sent none or something else. */
    @Nullable
    public String read(HttpHeaders headers) {
        Cookie cookie = headers.getCookies().get(name);
        return cookie != null && Randomness.wellFormed(cookie.getValue()) ? cookie.getValue() : null;
    }

    public String fresh() {
        return randomness.text();
    }

    public NewCookie write(String browser) {
        // Lax: the provider sends the browser back from another site, by a top-level GET.
        return new NewCookie.Builder(name)
                .value(browser)
                .path("/")
                .httpOnly(true)
                .secure(secure)
                .sameSite(NewCookie.SameSite.LAX)
                .maxAge(SECONDS)
                .build();
    }
}
