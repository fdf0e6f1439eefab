package io.perennial.sandbox.spapi;

import io.perennial.sandbox.clock.SandboxClock;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;

@Path("/sp-api/{region}/orders/2026-01-01/orders")
class OrdersResource {

    private final SpApi api;
    private final OrderSearch search;
    private final SandboxClock clock;

    OrdersResource(SpApi api, OrderSearch search, SandboxClock clock) {
        this.api = api;
        this.search = search;
        this.clock = clock;
    }

    @GET
    public Response searchOrders(String region, @Context HttpHeaders headers, @Context UriInfo uri) {
        return api.call(
                Operation.SEARCH_ORDERS,
                region,
                headers,
                caller -> search.search(caller, SearchParameters.of(uri.getQueryParameters(), clock.instant())));
    }

    @GET
    @Path("/{orderId}")
    public Response getOrder(String region, String orderId, @Context HttpHeaders headers, @Context UriInfo uri) {
        return api.call(Operation.GET_ORDER, region, headers, caller -> {
            Map<String, List<String>> query = uri.getQueryParameters();
            if (!Set.of("includedData").containsAll(query.keySet())) {
                throw SpApiRefusal.invalidInput("Unknown query parameter.");
            }
            return search.find(caller, orderId, SearchParameters.includedData(query));
        });
    }
}
