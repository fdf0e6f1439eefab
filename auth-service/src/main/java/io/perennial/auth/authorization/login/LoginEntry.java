package io.perennial.auth.authorization.login;

import io.perennial.auth.application.AppView;
import io.perennial.contracts.Region;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A merchant whom Amazon brought to the Login URI.
 *
 * @param apps the applications with the id in the address: the same one may be here for sellers and for vendors
 * @param vendors whether he came from a site for vendors
 */
public record LoginEntry(
        List<AppView> apps,
        Region region,
        boolean vendors,
        String callback,
        String amazonState,
        String sellingPartnerId,
        boolean beta) {

    /** Back to Amazon, with a state of ours that only this browser can bring back. */
    public URI confirmation(AppView app, String state) {
        String query = "amazon_state=" + encoded(amazonState) + "&state=" + encoded(state) + "&redirect_uri="
                + encoded(app.redirectUri());
        return URI.create(callback + "?" + query + (app.draft() || beta ? "&version=beta" : ""));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "LoginEntry[" + region + "]";
    }
}
