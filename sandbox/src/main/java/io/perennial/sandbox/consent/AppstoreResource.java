package io.perennial.sandbox.consent;

import static io.perennial.sandbox.consent.SignInResource.host;

import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.application.Applications;
import io.perennial.sandbox.calllog.CallRecord;
import io.perennial.sandbox.consent.CentralPages.Account;
import io.perennial.sandbox.consent.CentralPages.OfferedApplication;
import io.perennial.sandbox.consent.CentralSessions.Session;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.UriInfo;
import java.util.Objects;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

/** The Appstore, where sellers authorize what is published: whoever comes from here comes by the Login URI, new or not. */
@Path("/seller-central/{country}/apps/store")
class AppstoreResource {

    private final Applications applications;
    private final CentralSessions sessions;
    private final ConsentGiving giving;
    private final CallRecord call;

    AppstoreResource(Applications applications, CentralSessions sessions, ConsentGiving giving, CallRecord call) {
        this.applications = applications;
        this.sessions = sessions;
        this.giving = giving;
        this.call = call;
    }

    @GET
    public Response page(String country, @Context HttpHeaders headers) {
        CentralHost host = host("seller-central", country);
        Optional<Session> signedIn = sessions.current(headers);
        if (signedIn.isEmpty()) {
            return CentralPages.signIn(host, here(host), false);
        }
        Session session = signedIn.get();
        if (!host.serves(session.user().account())) {
            return problem(host, CentralProblem.OTHER_REGION, session);
        }
        return CentralPages.page(
                Status.OK,
                new CentralPages.Appstore(
                        host.title(),
                        here(host),
                        Account.of(session),
                        applications.all().stream()
                                .filter(AppstoreResource::isOffered)
                                .map(found -> new OfferedApplication(found.applicationId(), found.name()))
                                .toList(),
                        session.formToken(),
                        host.path() + "/signout"));
    }

    @POST
    public Response authorize(
            String country,
            @RestForm("application_id") @Nullable String applicationId,
            @RestForm("form_token") @Nullable String formToken,
            @Context HttpHeaders headers,
            @Context UriInfo uri) {
        CentralHost host = host("seller-central", country);
        Optional<Session> signedIn = sessions.current(headers);
        if (signedIn.isEmpty()) {
            return CentralPages.signIn(host, here(host), false);
        }
        Session session = signedIn.get();
        Optional<Application> application =
                Optional.ofNullable(applicationId).flatMap(applications::find).filter(AppstoreResource::isOffered);
        if (!CentralSessions.formTokenFits(session, formToken) || application.isEmpty()) {
            return problem(host, CentralProblem.FORM_EXPIRED, session);
        }
        if (!host.serves(session.user().account())) {
            return problem(host, CentralProblem.OTHER_REGION, session);
        }
        if (!session.user().primary()) {
            return problem(host, CentralProblem.SPDC8143, session);
        }
        call.operation("appstore-authorize");
        call.seller(session.user().account().sellerId());
        String callback = uri.getBaseUri()
                .resolve(host.path() + "/apps/authorize/confirm/"
                        + application.get().applicationId())
                .toString();
        return giving.beginLoginLeg(
                session.user(),
                application.get(),
                Objects.requireNonNull(application.get().loginUri()),
                callback);
    }

    private static boolean isOffered(Application application) {
        return application.kind() == Application.Kind.SP_API
                && application.published()
                && application.loginUri() != null
                && !application.redirectUris().isEmpty();
    }

    private static String here(CentralHost host) {
        return host.path() + "/apps/store";
    }

    private static Response problem(CentralHost host, CentralProblem problem, Session session) {
        return CentralPages.problem(host, problem, session, host.path() + "/signout");
    }
}
