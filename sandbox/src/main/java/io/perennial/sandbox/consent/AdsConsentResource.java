package io.perennial.sandbox.consent;

import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.application.Applications;
import io.perennial.sandbox.authorization.Authorizations;
import io.perennial.sandbox.calllog.CallRecord;
import io.perennial.sandbox.consent.CentralSessions.Session;
import io.perennial.sandbox.control.Refusal;
import io.perennial.sandbox.sellingpartner.Region;
import io.perennial.sandbox.sellingpartner.SellingPartner.User;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * Login with Amazon's own consent page, which advertising uses. Anybody may consent for what they may edit; refusing comes
 * back to the application as an error, and a request that is not sound never does.
 */
@Path("/ads/{region}")
class AdsConsentResource {

    /** Public for the page templates. */
    record AdsConsent(
            String host,
            String action,
            String applicationName,
            String name,
            String email,
            String loginId,
            Map<String, String> parameters,
            String formToken,
            String switchAccount,
            boolean unticked)
            implements TemplateInstance {}

    private final Applications applications;
    private final Authorizations authorizations;
    private final SellingPartners partners;
    private final CentralSessions sessions;
    private final CallRecord call;

    AdsConsentResource(
            Applications applications,
            Authorizations authorizations,
            SellingPartners partners,
            CentralSessions sessions,
            CallRecord call) {
        this.applications = applications;
        this.authorizations = authorizations;
        this.partners = partners;
        this.sessions = sessions;
        this.call = call;
    }

    @GET
    @Path("/ap/oa")
    public Response page(
            String region,
            @RestQuery("client_id") @Nullable String clientId,
            @RestQuery @Nullable String scope,
            @RestQuery("response_type") @Nullable String responseType,
            @RestQuery("redirect_uri") @Nullable String redirectUri,
            @RestQuery @Nullable String state,
            @RestQuery("code_challenge") @Nullable String codeChallenge,
            @RestQuery("code_challenge_method") @Nullable String codeChallengeMethod,
            @Context HttpHeaders headers,
            @Context UriInfo uri) {
        call.operation("consent-page");
        AdsConsentRequest request = new AdsConsentRequest(
                clientId, scope, responseType, redirectUri, state, codeChallenge, codeChallengeMethod);
        return visit(host(region), Addresses.pathAndQuery(uri), headers, request, false);
    }

    @POST
    @Path("/ap/oa")
    public Response decide(
            String region,
            @RestForm("client_id") @Nullable String clientId,
            @RestForm @Nullable String scope,
            @RestForm("response_type") @Nullable String responseType,
            @RestForm("redirect_uri") @Nullable String redirectUri,
            @RestForm @Nullable String state,
            @RestForm("code_challenge") @Nullable String codeChallenge,
            @RestForm("code_challenge_method") @Nullable String codeChallengeMethod,
            @RestForm("form_token") @Nullable String formToken,
            @RestForm @Nullable String consent,
            @RestForm @Nullable String action,
            @Context HttpHeaders headers) {
        AdsConsentRequest request = new AdsConsentRequest(
                clientId, scope, responseType, redirectUri, state, codeChallenge, codeChallengeMethod);
        Host host = host(region);
        String here = Addresses.withParameters(host.path() + "/ap/oa", request.parameters());
        Optional<Session> session = sessions.current(headers);
        if (session.isEmpty()) {
            return signIn(host, here, false);
        }
        if (!CentralSessions.formTokenFits(session.get(), formToken)) {
            return problem(host, CentralProblem.FORM_EXPIRED.name(), CentralProblem.FORM_EXPIRED.text(), session.get());
        }
        if (!(request.judge(applications) instanceof AdsConsentRequest.Sound sound)) {
            return visit(host, here, headers, request, false);
        }
        User user = session.get().user();
        call.seller(user.account().sellerId());
        if ("cancel".equals(action)) {
            call.operation("consent-cancel");
            return back(
                    sound,
                    request,
                    Map.of("error", "access_denied", "error_description", "The user did not grant the permission."));
        }
        call.operation("consent-confirm");
        return "yes".equals(consent) ? give(user, sound, request) : visit(host, here, headers, request, true);
    }

    private Response give(User user, AdsConsentRequest.Sound sound, AdsConsentRequest request) {
        String code = authorizations
                .consent(user.loginId(), sound.application(), sound.redirectUri(), request.codeChallenge())
                .reveal();
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("code", code);
        answer.put("scope", Objects.requireNonNullElse(request.scope(), ""));
        return back(sound, request, answer);
    }

    private static Response back(AdsConsentRequest.Sound sound, AdsConsentRequest request, Map<String, String> answer) {
        Map<String, String> parameters = new LinkedHashMap<>(answer);
        if (request.state() != null) {
            parameters.put("state", request.state());
        }
        return CentralPages.goTo(Addresses.withParameters(sound.redirectUri(), parameters));
    }

    @POST
    @Path("/signin")
    public Response signIn(
            String region,
            @RestForm @Nullable String email,
            @RestForm @Nullable String password,
            @RestForm("return_to") @Nullable String returnTo,
            @Context HttpHeaders headers) {
        Host host = host(region);
        String next = host.returnTo(returnTo);
        call.operation("sign-in");
        Optional<User> user =
                partners.signIn(Objects.requireNonNullElse(email, ""), Objects.requireNonNullElse(password, ""));
        if (user.isEmpty()) {
            return signIn(host, next, true);
        }
        call.seller(user.get().account().sellerId());
        sessions.close(headers);
        return Response.fromResponse(CentralPages.goTo(next))
                .cookie(sessions.open(user.get()))
                .build();
    }

    @GET
    @Path("/signout")
    public Response signOut(
            String region, @RestQuery("return_to") @Nullable String returnTo, @Context HttpHeaders headers) {
        return Response.fromResponse(CentralPages.goTo(host(region).returnTo(returnTo)))
                .cookie(sessions.close(headers))
                .build();
    }

    private Response visit(Host host, String here, HttpHeaders headers, AdsConsentRequest request, boolean unticked) {
        if (request.judge(applications) instanceof AdsConsentRequest.Broken broken) {
            return problem(host, broken.code(), broken.text(), null);
        }
        Application application = ((AdsConsentRequest.Sound) request.judge(applications)).application();
        Optional<Session> session = sessions.current(headers);
        if (session.isEmpty()) {
            return signIn(host, here, false);
        }
        User user = session.get().user();
        call.seller(user.account().sellerId());
        return CentralPages.page(
                Status.OK,
                new AdsConsent(
                        host.title(),
                        host.path() + "/ap/oa",
                        application.name(),
                        user.account().name(),
                        user.email(),
                        user.loginId(),
                        request.parameters(),
                        session.get().formToken(),
                        Addresses.withParameters(host.path() + "/signout", Map.of("return_to", here)),
                        unticked));
    }

    private static Response signIn(Host host, String returnTo, boolean failed) {
        return CentralPages.page(
                failed ? Status.UNAUTHORIZED : Status.OK,
                new CentralPages.SignIn(host.title(), host.path() + "/signin", returnTo, failed));
    }

    private static Response problem(Host host, String code, String text, @Nullable Session session) {
        String signedInAs = session == null ? null : session.user().email();
        return CentralPages.page(
                Status.BAD_REQUEST,
                new CentralPages.Problem(host.title(), code, text, signedInAs, host.path() + "/signout"));
    }

    /** Stands for the host of one region. */
    private record Host(Region region) {

        String path() {
            return "/ads/" + region.name().toLowerCase(Locale.ROOT);
        }

        String title() {
            return "Login with Amazon, " + region.title();
        }

        String returnTo(@Nullable String asked) {
            return asked != null && asked.startsWith(path() + "/") && !asked.contains("\\") ? asked : path() + "/ap/oa";
        }
    }

    private static Host host(String region) {
        return new Host(Region.named(region).orElseThrow(() -> Refusal.notFound("no consent pages for " + region)));
    }
}
