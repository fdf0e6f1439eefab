package io.perennial.sandbox.consent;

import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.authorization.Authorizations;
import io.perennial.sandbox.consent.CentralSessions.Session;
import io.perennial.sandbox.sellingpartner.SellingPartner.User;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a yes into a code and sends the browser to the application. */
@Singleton
class ConsentGiving {

    private final Authorizations authorizations;
    private final LoginLegs legs;

    ConsentGiving(Authorizations authorizations, LoginLegs legs) {
        this.authorizations = authorizations;
        this.legs = legs;
    }

    Response give(User user, Application application, String redirectUri, @Nullable String state) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (state != null) {
            parameters.put("state", state);
        }
        parameters.put("selling_partner_id", user.account().sellerId());
        parameters.put(
                "spapi_oauth_code",
                authorizations.consent(user.account(), application, redirectUri).reveal());
        return CentralPages.goTo(Addresses.withParameters(redirectUri, parameters));
    }

    /** Sends the browser to the Login URI, which must come back to {@code callback}. */
    Response beginLoginLeg(User user, Application application, String loginUri, String callback) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("amazon_callback_uri", callback);
        parameters.put("amazon_state", legs.begin(user.account(), application).reveal());
        parameters.put("selling_partner_id", user.account().sellerId());
        if (!application.published()) {
            parameters.put("version", "beta");
        }
        return CentralPages.goTo(Addresses.withParameters(loginUri, parameters));
    }

    Response finishLoginLeg(
            CentralHost host,
            Session session,
            ConsentRequest.Sound sound,
            @Nullable String amazonState,
            @Nullable String state) {
        if (!legs.finish(amazonState, session.user().account(), sound.application())) {
            return CentralPages.problem(host, CentralProblem.FORM_EXPIRED, session, host.path() + "/signout");
        }
        return give(session.user(), sound.application(), sound.redirectUri(), state);
    }
}
