package io.perennial.sandbox.authorization;

import io.perennial.sandbox.application.Applications;
import io.perennial.sandbox.control.Refusal;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** The developer adds a role to an application: every account has to consent again. */
@Path("/sandbox/apps/{id}/role-added")
class AddedRole {

    private final Authorizations authorizations;
    private final Applications applications;

    AddedRole(Authorizations authorizations, Applications applications) {
        this.authorizations = authorizations;
        this.applications = applications;
    }

    @POST
    public void add(String id) {
        authorizations.expireAllOf(applications.find(id).orElseThrow(() -> Refusal.notFound("no application " + id)));
    }
}
