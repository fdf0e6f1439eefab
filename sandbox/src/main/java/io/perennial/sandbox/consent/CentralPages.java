package io.perennial.sandbox.consent;

import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.sellingpartner.Marketplace;
import io.perennial.sandbox.sellingpartner.SellingPartner;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The pages as responses: never stored by the browser, never leaking the address they came from. */
final class CentralPages {

    record SignIn(String host, String action, String returnTo, boolean failed) implements TemplateInstance {}

    record Consent(
            String host,
            String action,
            String applicationName,
            Account account,
            ConsentRequest request,
            String formToken,
            String switchAccount,
            boolean unticked)
            implements TemplateInstance {}

    record Problem(String host, String code, String text, @Nullable String signedInAs, String switchAccount)
            implements TemplateInstance {}

    record Message(String host, String title, String text, String manage) implements TemplateInstance {}

    record Manage(
            String host,
            String action,
            Account account,
            List<ManagedApplication> applications,
            String formToken,
            String switchAccount)
            implements TemplateInstance {}

    record Appstore(
            String host,
            String action,
            Account account,
            List<OfferedApplication> applications,
            String formToken,
            String switchAccount)
            implements TemplateInstance {}

    /** Public for the page templates. */
    public record OfferedApplication(String applicationId, String name) {}

    /** Public for the page templates. */
    public record Account(String name, String email, String sellerId, String marketplaces) {

        static Account of(CentralSessions.Session session) {
            SellingPartner account = session.user().account();
            return new Account(
                    account.name(),
                    session.user().email(),
                    account.sellerId(),
                    account.marketplaces().stream().map(Marketplace::title).collect(Collectors.joining(", ")));
        }
    }

    /** Public for the page templates. */
    public record ManagedApplication(
            String applicationId, String name, String authorizedOn, String expiresOn, String status) {

        public boolean enabled() {
            return status.equals("ENABLED");
        }
    }

    private CentralPages() {}

    static Response signIn(CentralHost host, String returnTo, boolean failed) {
        return page(
                failed ? Status.UNAUTHORIZED : Status.OK,
                new SignIn(host.title(), host.path() + "/signin", returnTo, failed));
    }

    static Response consent(
            CentralHost host,
            Application application,
            CentralSessions.Session session,
            ConsentRequest request,
            String switchAccount,
            boolean unticked) {
        return page(
                Status.OK,
                new Consent(
                        host.title(),
                        host.path() + "/apps/authorize/consent",
                        application.name(),
                        Account.of(session),
                        request,
                        session.formToken(),
                        switchAccount,
                        unticked));
    }

    static Response problem(
            CentralHost host, CentralProblem problem, CentralSessions.@Nullable Session session, String switchAccount) {
        String signedInAs = session == null
                ? null
                : session.user().account().name() + " (" + session.user().email() + ")";
        return page(
                Status.BAD_REQUEST,
                new Problem(host.title(), problem.name(), problem.text(), signedInAs, switchAccount));
    }

    static Response message(CentralHost host, String title, String text) {
        return page(Status.OK, new Message(host.title(), title, text, host.path() + "/apps/manage"));
    }

    static Response page(Status status, TemplateInstance page) {
        return Response.status(status)
                .type(MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
                .header("Cache-Control", "no-store")
                .header("Referrer-Policy", "no-referrer")
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
                .entity(page.render())
                .build();
    }

    static Response goTo(String address) {
        return Response.seeOther(URI.create(address))
                .header("Cache-Control", "no-store")
                .header("Referrer-Policy", "no-referrer")
                .build();
    }
}
