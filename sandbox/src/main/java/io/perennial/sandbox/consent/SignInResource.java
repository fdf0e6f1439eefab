package io.perennial.sandbox.consent;

import io.perennial.sandbox.calllog.CallRecord;
import io.perennial.sandbox.control.Refusal;
import io.perennial.sandbox.sellingpartner.SellingPartner.User;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/{central: seller-central|vendor-central}/{country}/{session: signin|signout}")
class SignInResource {

    private final SellingPartners partners;
    private final CentralSessions sessions;
    private final CallRecord call;

    SignInResource(SellingPartners partners, CentralSessions sessions, CallRecord call) {
        this.partners = partners;
        this.sessions = sessions;
        this.call = call;
    }

    @POST
    public Response signIn(
            String central,
            String country,
            @RestForm @Nullable String email,
            @RestForm @Nullable String password,
            @RestForm("return_to") @Nullable String returnTo,
            @Context HttpHeaders headers) {
        CentralHost host = host(central, country);
        String next = Addresses.returnTo(returnTo, host);
        call.operation("sign-in");
        Optional<User> user = partners.signIn(
                        Objects.requireNonNullElse(email, ""), Objects.requireNonNullElse(password, ""))
                .filter(found -> found.account().kind() == host.kind());
        if (user.isEmpty()) {
            return CentralPages.signIn(host, next, true);
        }
        call.seller(user.get().account().sellerId());
        sessions.close(headers);
        return Response.fromResponse(CentralPages.goTo(next))
                .cookie(sessions.open(user.get()))
                .build();
    }

    /** "Sign out" and "switch account" are links at Amazon too. */
    @GET
    public Response page(
            String central,
            String country,
            String session,
            @RestQuery("return_to") @Nullable String returnTo,
            @Context HttpHeaders headers) {
        CentralHost host = host(central, country);
        if (session.equals("signin")) {
            return CentralPages.signIn(host, Addresses.returnTo(returnTo, host), false);
        }
        return Response.fromResponse(CentralPages.goTo(Addresses.returnTo(returnTo, host)))
                .cookie(sessions.close(headers))
                .build();
    }

    static CentralHost host(String central, String country) {
        return CentralHost.of(central, country)
                .orElseThrow(() -> Refusal.notFound("no central host for country " + country));
    }
}
