package io.perennial.sandbox.spapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.application.Applications;
import io.perennial.sandbox.authorization.AccessCheck;
import io.perennial.sandbox.authorization.Tokens;
import io.perennial.sandbox.calllog.CallLog;
import io.perennial.sandbox.calllog.CallRecord;
import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.fault.Fault;
import io.perennial.sandbox.fault.FaultKind;
import io.perennial.sandbox.fault.Faults;
import io.perennial.sandbox.fault.LostReply;
import io.perennial.sandbox.sellingpartner.Region;
import io.perennial.sandbox.sellingpartner.SellingPartner;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What every call goes through: trouble, access token, quota, then the operation itself. */
@Singleton
public class SpApi {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Error(String code, String message, @Nullable String details) {}

    record Errors(List<Error> errors) {}

    private final Tokens tokens;
    private final Applications applications;
    private final SellingPartners partners;
    private final Quota quota;
    private final Faults faults;
    private final LostReply lostReply;
    private final CallRecord call;
    private final CallLog log;
    private final SandboxClock clock;

    SpApi(
            Tokens tokens,
            Applications applications,
            SellingPartners partners,
            Quota quota,
            Faults faults,
            LostReply lostReply,
            CallRecord call,
            CallLog log,
            SandboxClock clock) {
        this.tokens = tokens;
        this.applications = applications;
        this.partners = partners;
        this.quota = quota;
        this.faults = faults;
        this.lostReply = lostReply;
        this.call = call;
        this.log = log;
        this.clock = clock;
    }

    public Response call(Operation operation, String region, HttpHeaders headers, Function<Caller, Object> work) {
        CallRecord mine = call.itself();
        mine.operation(operation.id());
        Response response = answer(operation, work, () -> caller(region, headers, mine));
        log.write(mine, response.getStatus());
        return response;
    }

    private Response answer(Operation operation, Function<Caller, Object> work, Supplier<Caller> asking) {
        try {
            Optional<FaultKind> trouble = faults.strike(new Fault.Call("sp-api", operation.id(), null));
            if (trouble.isPresent() && trouble.get() == FaultKind.HTML) {
                return envelope(Response.ok("<html><body><h1>We are sorry</h1></body></html>", MediaType.TEXT_HTML));
            }
            trouble.filter(kind -> kind != FaultKind.LOST_REPLY).ifPresent(SpApi::suffer);
            Caller caller = asking.get();
            if (!quota.take(caller.account().sellerId(), caller.applicationId(), caller.endpoint(), operation)) {
                throw SpApiRefusal.quotaExceeded();
            }
            Object result = work.apply(caller);
            if (trouble.isPresent()) {
                lostReply.cutConnection();
            }
            return envelope(Response.status(operation.success())
                    .type(MediaType.APPLICATION_JSON)
                    .entity(result)
                    .header("x-amzn-RateLimit-Limit", operation.publishedRate()));
        } catch (SpApiRefusal refusal) {
            return refused(refusal, operation);
        }
    }

    /** For addresses that do not exist; Amazon does not say so but denies access. */
    Response unknown(String region) {
        call.operation("unknown");
        return refused(
                Region.named(region).isPresent() ? SpApiRefusal.denied("") : SpApiRefusal.unknownAddress(), null);
    }

    private static void suffer(FaultKind trouble) {
        if (trouble == FaultKind.OUTAGE) {
            throw SpApiRefusal.unavailable();
        }
        if (trouble == FaultKind.THROTTLED) {
            throw SpApiRefusal.quotaExceeded();
        }
        if (trouble == FaultKind.CLIENT_SECRET_EXPIRED) {
            throw SpApiRefusal.denied("The LWA secret token you provided has expired.");
        }
        if (trouble == FaultKind.SECURITY_TOKEN_EXPIRED) {
            throw SpApiRefusal.denied("The security token included in the request is expired");
        }
        throw SpApiRefusal.internalFailure();
    }

    private Caller caller(String region, HttpHeaders headers, CallRecord mine) {
        Region endpoint = Region.named(region).orElseThrow(SpApiRefusal::unknownAddress);
        String token = headers.getHeaderString("x-amz-access-token");
        if (token == null || token.isBlank()) {
            throw SpApiRefusal.denied("Access token is missing in the request header.");
        }
        AccessCheck check = tokens.check(token);
        if (check instanceof AccessCheck.Expired) {
            throw SpApiRefusal.denied("The access token you provided has expired.");
        }
        if (check instanceof AccessCheck.Granted granted) {
            mine.seller(granted.sellerId());
            if (applications.secretEnded(granted.applicationId())) {
                throw SpApiRefusal.denied("The LWA secret token you provided has expired.");
            }
            if (granted.kind() != Application.Kind.SP_API) {
                throw SpApiRefusal.denied("");
            }
            SellingPartner account = partners.find(granted.sellerId()).orElseThrow(SpApi::invalid);
            if (account.kind() == SellingPartner.Kind.VENDOR) {
                throw SpApiRefusal.denied("");
            }
            return new Caller(account, granted.applicationId(), endpoint);
        }
        throw check instanceof AccessCheck.Grantless ? SpApiRefusal.denied("") : invalid();
    }

    private static SpApiRefusal invalid() {
        return SpApiRefusal.denied("The access token you provided is revoked, malformed or invalid.");
    }

    private Response refused(SpApiRefusal refusal, @Nullable Operation operation) {
        Response.ResponseBuilder response = Response.status(refusal.status())
                .type(MediaType.APPLICATION_JSON)
                .entity(new Errors(
                        List.of(new Error(refusal.code(), String.valueOf(refusal.getMessage()), refusal.details()))));
        if (refusal.errorType() != null) {
            response.header("x-amzn-ErrorType", refusal.errorType());
        }
        if (operation != null && refusal.carriesRateLimit()) {
            response.header("x-amzn-RateLimit-Limit", operation.publishedRate());
        }
        return envelope(response);
    }

    private Response envelope(Response.ResponseBuilder response) {
        return response.header("x-amzn-RequestId", UUID.randomUUID())
                .header(
                        "Date",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                clock.instant().atOffset(ZoneOffset.UTC)))
                .build();
    }
}
