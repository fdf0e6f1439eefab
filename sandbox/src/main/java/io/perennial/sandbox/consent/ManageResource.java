package io.perennial.sandbox.consent;

import static io.perennial.sandbox.consent.SignInResource.host;

import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.application.Applications;
import io.perennial.sandbox.authorization.Authorization;
import io.perennial.sandbox.authorization.Authorizations;
import io.perennial.sandbox.calllog.CallRecord;
import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.consent.CentralPages.Account;
import io.perennial.sandbox.consent.CentralPages.ManagedApplication;
import io.perennial.sandbox.consent.CentralSessions.Session;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.UriInfo;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

/** Manage Your Apps: the only place where the end of an authorization can be read. */
@Path("/{central: seller-central|vendor-central}/{country}/apps/manage")
class ManageResource {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

    private final Applications applications;
    private final Authorizations authorizations;
    private final CentralSessions sessions;
    private final ConsentGiving giving;
    private final SandboxClock clock;
    private final CallRecord call;

    ManageResource(
            Applications applications,
            Authorizations authorizations,
            CentralSessions sessions,
            ConsentGiving giving,
            SandboxClock clock,
            CallRecord call) {
        this.applications = applications;
        this.authorizations = authorizations;
        this.sessions = sessions;
        this.giving = giving;
        this.clock = clock;
        this.call = call;
    }

    @GET
    public Response page(String central, String country, @Context HttpHeaders headers) {
        CentralHost host = host(central, country);
        Optional<Session> session = sessions.current(headers);
        if (session.isEmpty()) {
            return CentralPages.signIn(host, host.path() + "/apps/manage", false);
        }
        if (!host.serves(session.get().user().account())) {
            return CentralPages.problem(host, CentralProblem.OTHER_REGION, session.get(), host.path() + "/signout");
        }
        return CentralPages.page(
                Status.OK,
                new CentralPages.Manage(
                        host.title(),
                        host.path() + "/apps/manage",
                        Account.of(session.get()),
                        managed(session.get()),
                        session.get().formToken(),
                        host.path() + "/signout"));
    }

    @POST
    public Response act(
            String central,
            String country,
            @RestForm("application_id") @Nullable String applicationId,
            @RestForm("form_token") @Nullable String formToken,
            @RestForm @Nullable String action,
            @Context HttpHeaders headers,
            @Context UriInfo uri) {
        CentralHost host = host(central, country);
        Optional<Session> signedIn = sessions.current(headers);
        if (signedIn.isEmpty()) {
            return CentralPages.signIn(host, host.path() + "/apps/manage", false);
        }
        Session session = signedIn.get();
        Optional<Application> application = Optional.ofNullable(applicationId)
                .flatMap(applications::find)
                .filter(found -> isManaged(session, found));
        if (!CentralSessions.formTokenFits(session, formToken) || application.isEmpty()) {
            return CentralPages.problem(host, CentralProblem.FORM_EXPIRED, session, host.path() + "/signout");
        }
        if (!session.user().primary()) {
            return CentralPages.problem(host, CentralProblem.SPDC8143, session, host.path() + "/signout");
        }
        call.seller(session.user().account().sellerId());
        if ("disable".equals(action)) {
            call.operation("disable-authorization");
            authorizations.disable(session.user().account(), application.get().applicationId());
            return CentralPages.goTo(host.path() + "/apps/manage");
        }
        return renew(host, session, application.get(), "enable".equals(action), uri);
    }

    /** Re-authorizing takes the Login URI leg; enabling what has ended takes the path of a new seller, without any state. */
    private Response renew(CentralHost host, Session session, Application application, boolean enable, UriInfo uri) {
        call.operation(enable ? "enable-authorization" : "re-authorize");
        String loginUri = application.loginUri();
        if (application.redirectUris().isEmpty() || loginUri == null) {
            return CentralPages.problem(host, CentralProblem.MD9100, session, host.path() + "/signout");
        }
        if (enable) {
            return giving.give(
                    session.user(), application, application.redirectUris().get(0), null);
        }
        String callback = uri.getBaseUri()
                .resolve(host.path() + "/apps/authorize/confirm/" + application.applicationId())
                .toString();
        return giving.beginLoginLeg(session.user(), application, loginUri, callback);
    }

    private boolean isManaged(Session session, Application application) {
        return application.kind() == Application.Kind.SP_API
                && authorizations.of(session.user().account()).stream()
                        .anyMatch(given -> given.applicationId().equals(application.applicationId()));
    }

    private List<ManagedApplication> managed(Session session) {
        return authorizations.of(session.user().account()).stream()
                .flatMap(given -> applications
                        .find(given.applicationId())
                        .filter(application -> application.kind() == Application.Kind.SP_API)
                        .map(application -> managed(given, application))
                        .stream())
                .toList();
    }

    private ManagedApplication managed(Authorization given, Application application) {
        return new ManagedApplication(
                given.applicationId(),
                application.name(),
                DAY.format(given.authorizedAt()),
                DAY.format(given.expiresAt()),
                given.statusAt(clock.instant()).name());
    }
}
