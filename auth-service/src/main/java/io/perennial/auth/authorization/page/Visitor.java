package io.perennial.auth.authorization.page;

import jakarta.ws.rs.core.HttpHeaders;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** What a request tells about the browser that sent it. */
public final class Visitor {
    private static final String OWN_SITE = "same-origin";

    private final HttpHeaders headers;
    private final @Nullable String browser;

    public Visitor(HttpHeaders headers, BrowserCookie cookie) {
        this.headers = headers;
        this.browser = cookie.read(headers);
    }

    @Nullable
    public String browser() {
        return browser;
    }

    public Language language(@Nullable String contactLocale) {
        return headers.getHeaderString(HttpHeaders.ACCEPT_LANGUAGE) == null
                ? Language.ofTag(contactLocale)
                : Language.choose(headers.getAcceptableLanguages(), contactLocale);
    }

    /** Whether a form was sent by one of our own pages in this very browser. */
    public boolean sent(String form, @Nullable String formToken) {
        String site = headers.getHeaderString("Sec-Fetch-Site");
        return (site == null || site.equals(OWN_SITE))
                && browser != null
                && formToken != null
                && Randomness.same(Randomness.formToken(browser, form), formToken);
    }

    /** Whether this is the browser with that hash. */
    public boolean is(byte[] browserHash) {
        return browser != null && MessageDigest.isEqual(Randomness.hash(browser), browserHash);
    }
}
