package io.perennial.sandbox.consent;

import static io.perennial.sandbox.consent.SignInResource.host;

import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.application.Applications;
import io.perennial.sandbox.calllog.CallRecord;
import io.perennial.sandbox.consent.CentralSessions.Session;
import io.perennial.sandbox.consent.ConsentRequest.Broken;
import io.perennial.sandbox.consent.ConsentRequest.Sound;
import io.perennial.sandbox.consent.ConsentRequest.Verdict;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/{central: seller-central|vendor-central}/{country}/apps/authorize")
class ConsentResource {

    private final Applications applications;
    private final CentralSessions sessions;
    private final ConsentGiving giving;
    private final CallRecord call;

    ConsentResource(Applications applications, CentralSessions sessions, ConsentGiving giving, CallRecord call) {
        this.applications = applications;
        this.sessions = sessions;
        this.giving = giving;
        this.call = call;
    }

    @GET
    @Path("/consent")
    public Response page(
            String central,
            String country,
            @RestQuery("application_id") @Nullable String applicationId,
            @RestQuery @Nullable String state,
            @RestQuery("redirect_uri") @Nullable String redirectUri,
            @RestQuery @Nullable String version,
            @Context HttpHeaders headers,
            @Context UriInfo uri) {
        call.operation("consent-page");
        CentralHost host = host(central, country);
        String here = Addresses.pathAndQuery(uri);
        ConsentRequest request = new ConsentRequest(applicationId, state, redirectUri, version);
        return visit(host, here, headers, request, false);
    }

    @POST
    @Path("/consent")
    public Response decide(
            String central,
            String country,
            @RestForm("application_id") @Nullable String applicationId,
            @RestForm @Nullable String state,
            @RestForm("redirect_uri") @Nullable String redirectUri,
            @RestForm @Nullable String version,
            @RestForm("form_token") @Nullable String formToken,
            @RestForm @Nullable String consent,
            @RestForm @Nullable String action,
            @Context HttpHeaders headers) {
        CentralHost host = host(central, country);
        ConsentRequest request =
                new ConsentRequest(empty(applicationId), empty(state), empty(redirectUri), empty(version));
        String here = address(host, request);
        Optional<Session> session = sessions.current(headers);
        if (session.isEmpty()) {
            return CentralPages.signIn(host, here, false);
        }
        if (!CentralSessions.formTokenFits(session.get(), formToken)) {
            return CentralPages.problem(host, CentralProblem.FORM_EXPIRED, session.get(), switchAccount(host, here));
        }
        if ("cancel".equals(action)) {
            call.operation("consent-cancel");
            call.seller(session.get().user().account().sellerId());
            return CentralPages.message(host, "Not authorized", "You did not authorize the application.");
        }
        call.operation("consent-confirm");
        if (!"yes".equals(consent)) {
            return visit(host, here, headers, request, true);
        }
        Verdict verdict = request.judge(applications);
        Response refusal = refusal(host, here, session.get(), verdict);
        if (refusal != null) {
            return refusal;
        }
        Sound sound = (Sound) verdict;
        return giving.give(session.get().user(), sound.application(), sound.redirectUri(), request.state());
    }

    /** Where the application's Login URI sends the browser: the second half of a renewal that began here. */
    @GET
    @Path("/confirm/{applicationId}")
    public Response confirm(
            String central,
            String country,
            String applicationId,
            @RestQuery("amazon_state") @Nullable String amazonState,
            @RestQuery @Nullable String state,
            @RestQuery("redirect_uri") @Nullable String redirectUri,
            @RestQuery @Nullable String version,
            @Context HttpHeaders headers,
            @Context UriInfo uri) {
        call.operation("consent-confirm");
        CentralHost host = host(central, country);
        String here = Addresses.pathAndQuery(uri);
        Optional<Session> session = sessions.current(headers);
        if (session.isEmpty()) {
            return CentralPages.signIn(host, here, false);
        }
        ConsentRequest request = new ConsentRequest(applicationId, state, redirectUri, version);
        Verdict verdict = request.judge(applications);
        Response refusal = refusal(host, here, session.get(), verdict);
        if (refusal != null) {
            return refusal;
        }
        Sound sound = (Sound) verdict;
        return giving.finishLoginLeg(host, session.get(), sound, amazonState, state);
    }

    private Response visit(
            CentralHost host, String here, HttpHeaders headers, ConsentRequest request, boolean unticked) {
        Verdict verdict = request.judge(applications);
        if (verdict instanceof Broken broken) {
            return CentralPages.problem(host, broken.problem(), null, switchAccount(host, here));
        }
        Optional<Session> session = sessions.current(headers);
        if (session.isEmpty()) {
            return CentralPages.signIn(host, here, false);
        }
        Response refusal = refusal(host, here, session.get(), verdict);
        if (refusal != null) {
            return refusal;
        }
        Application application = ((Sound) verdict).application();
        return CentralPages.consent(host, application, session.get(), request, switchAccount(host, here), unticked);
    }

    private @Nullable Response refusal(CentralHost host, String here, Session session, Verdict verdict) {
        call.seller(session.user().account().sellerId());
        CentralProblem problem = null;
        if (verdict instanceof Broken broken) {
            problem = broken.problem();
        } else if (!host.serves(session.user().account())) {
            problem = CentralProblem.OTHER_REGION;
        } else if (!session.user().primary()) {
            problem = CentralProblem.SPDC8143;
        }
        return problem == null ? null : CentralPages.problem(host, problem, session, switchAccount(host, here));
    }

    private static String switchAccount(CentralHost host, String here) {
        return Addresses.withParameters(host.path() + "/signout", Map.of("return_to", here));
    }

    private static String address(CentralHost host, ConsentRequest request) {
        Map<String, String> parameters = new LinkedHashMap<>();
        put(parameters, "application_id", request.applicationId());
        put(parameters, "state", request.state());
        put(parameters, "redirect_uri", request.redirectUri());
        put(parameters, "version", request.version());
        return Addresses.withParameters(host.path() + "/apps/authorize/consent", parameters);
    }

    private static void put(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }

    private static @Nullable String empty(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }
}
