package io.perennial.sandbox.spapi;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** Everything under the API's address that does not exist here. */
@Path("/sp-api/{region}/{path: .*}")
class UnknownResource {

    private final SpApi api;

    UnknownResource(SpApi api) {
        this.api = api;
    }

    @GET
    public Response get(String region) {
        return api.unknown(region);
    }

    @POST
    public Response post(String region) {
        return api.unknown(region);
    }
}
