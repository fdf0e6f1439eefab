package io.perennial.sandbox.lwa;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.sandbox.authorization.Tokens;
import io.perennial.sandbox.calllog.CallLog;
import io.perennial.sandbox.calllog.CallRecord;
import io.perennial.sandbox.clock.SandboxClock;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One endpoint under Amazon's several hosts: advertising has one for each region, and each knows all tokens. */
@Path("/{host: (lwa/(na|eu|fe)/)?}auth/o2/token")
class TokenResource {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Success(
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("refresh_token") @Nullable String refreshToken,
            @JsonProperty("token_type") String tokenType,
            @JsonProperty("expires_in") long expiresIn) {

        @Override
        public String toString() {
            return "Success[redacted]";
        }
    }

    record Failure(
            String error,
            @JsonProperty("error_description") String description,
            @JsonProperty("error_index") String index,
            @JsonProperty("request_id") String requestId) {}

    private final TokenEndpoint endpoint;
    private final ObjectMapper json;
    private final SandboxClock clock;
    private final CallRecord call;
    private final CallLog log;

    TokenResource(TokenEndpoint endpoint, ObjectMapper json, SandboxClock clock, CallRecord call, CallLog log) {
        this.endpoint = endpoint;
        this.json = json;
        this.clock = clock;
        this.call = call;
        this.log = log;
    }

    @POST
    public Response token(@HeaderParam("Content-Type") @Nullable String contentType, String body) {
        CallRecord mine = call.itself();
        Response response = answer(contentType, body, mine);
        log.write(mine, response.getStatus());
        return response;
    }

    private Response answer(@Nullable String contentType, String body, CallRecord mine) {
        try {
            TokenEndpoint.Answer answer = endpoint.answer(() -> TokenRequest.parse(json, contentType, body), mine);
            if (answer instanceof TokenEndpoint.Page page) {
                return headers(
                        Response.status(page.status()).type(page.mediaType()).entity(page.body()));
            }
            if (answer instanceof TokenEndpoint.Issued issued) {
                return headers(Response.ok(success(issued)).type(MediaType.APPLICATION_JSON));
            }
            throw new IllegalStateException("unknown answer " + answer.getClass());
        } catch (LwaRefusal refusal) {
            return headers(Response.status(refusal.status())
                    .type(MediaType.APPLICATION_JSON)
                    .entity(new Failure(
                            refusal.error(),
                            String.valueOf(refusal.getMessage()),
                            UUID.randomUUID().toString(),
                            UUID.randomUUID().toString())));
        }
    }

    private static Success success(TokenEndpoint.Issued issued) {
        return new Success(
                issued.tokens().accessToken(),
                issued.tokens().refreshToken(),
                "bearer",
                Tokens.ACCESS_TOKEN_LIFETIME.toSeconds());
    }

    private Response headers(Response.ResponseBuilder response) {
        return response.header("Cache-Control", "no-store")
                .header("Pragma", "no-cache")
                .header("x-amzn-RequestId", UUID.randomUUID())
                .header(
                        "Date",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                clock.instant().atOffset(ZoneOffset.UTC)))
                .build();
    }
}
