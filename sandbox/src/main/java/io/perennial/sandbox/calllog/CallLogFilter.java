package io.perennial.sandbox.calllog;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;

@Provider
class CallLogFilter implements ContainerResponseFilter {

    private final CallRecord call;
    private final CallLog log;

    CallLogFilter(CallRecord call, CallLog log) {
        this.call = call;
        this.log = log;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        log.write(call, response.getStatus());
    }
}
