package io.perennial.sandbox.control;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;

@Provider
class RefusalMapper implements ExceptionMapper<Refusal> {

    @Override
    public Response toResponse(Refusal refusal) {
        return Response.status(refusal.status())
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("message", String.valueOf(refusal.getMessage())))
                .build();
    }
}
