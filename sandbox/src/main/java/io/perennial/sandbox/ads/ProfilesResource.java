package io.perennial.sandbox.ads;

import io.perennial.sandbox.ads.Profiles.Right;
import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.application.Applications;
import io.perennial.sandbox.authorization.AccessCheck;
import io.perennial.sandbox.authorization.Tokens;
import io.perennial.sandbox.calllog.CallRecord;
import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.control.Refusal;
import io.perennial.sandbox.fault.Fault;
import io.perennial.sandbox.fault.FaultKind;
import io.perennial.sandbox.fault.Faults;
import io.perennial.sandbox.fault.LostReply;
import io.perennial.sandbox.sellingpartner.Region;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v2/profiles}: what the login behind a token may edit in the region of the endpoint. In a region where it has
 * nothing, and without rights, Amazon answers 200 with an empty array.
 */
@Path("/ads-api/{region}/v2/profiles")
class ProfilesResource {

    /** Most profiles that one answer carries. */
    private static final int MOST = 5_000;

    /** Sellers have no budget of the profile; Amazon shows this instead. */
    private static final double NO_BUDGET = 999_999_999.0;

    record Listed(
            long profileId,
            String countryCode,
            String currencyCode,
            double dailyBudget,
            String timezone,
            AccountInfo accountInfo) {

        static Listed of(Profile profile) {
            return new Listed(
                    profile.id(),
                    profile.countryCode(),
                    profile.marketplace().currency(),
                    NO_BUDGET,
                    profile.timezone(),
                    new AccountInfo(
                            profile.marketplace().id(),
                            profile.accountId(),
                            profile.accountType(),
                            profile.owner().name(),
                            true));
        }
    }

    record AccountInfo(String marketplaceStringId, String id, String type, String name, boolean validPaymentMethod) {}

    record Failure(String code, String details, String requestId) {}

    private final Profiles profiles;
    private final Tokens tokens;
    private final Applications applications;
    private final Faults faults;
    private final LostReply lostReply;
    private final CallRecord call;
    private final SandboxClock clock;

    ProfilesResource(
            Profiles profiles,
            Tokens tokens,
            Applications applications,
            Faults faults,
            LostReply lostReply,
            CallRecord call,
            SandboxClock clock) {
        this.profiles = profiles;
        this.tokens = tokens;
        this.applications = applications;
        this.faults = faults;
        this.lostReply = lostReply;
        this.call = call;
        this.clock = clock;
    }

    @GET
    public Response list(
            String region,
            @RestQuery @Nullable String accessLevel,
            @RestQuery @Nullable String profileTypeFilter,
            @RestQuery @Nullable String validPaymentMethodFilter,
            @Context HttpHeaders headers) {
        Region endpoint = Region.named(region).orElseThrow(() -> Refusal.notFound("no advertising in " + region));
        call.operation("listProfiles");
        String request = UUID.randomUUID().toString();
        try {
            Optional<FaultKind> trouble = faults.strike(new Fault.Call("ads-api", "listProfiles", null));
            if (trouble.isPresent() && trouble.get() == FaultKind.HTML) {
                return envelope(
                        Response.ok("<html><body><h1>We are sorry</h1></body></html>", MediaType.TEXT_HTML), request);
            }
            trouble.filter(kind -> kind != FaultKind.LOST_REPLY).ifPresent(ProfilesResource::suffer);
            String loginId = login(headers);
            List<Listed> found = profiles.visible(loginId, endpoint, right(accessLevel)).stream()
                    .filter(ofTypes(profileTypeFilter))
                    .filter(profile -> !"false".equals(validPaymentMethodFilter))
                    .limit(MOST)
                    .map(Listed::of)
                    .toList();
            if (trouble.isPresent()) {
                lostReply.cutConnection();
            }
            return envelope(Response.ok(found, MediaType.APPLICATION_JSON), request);
        } catch (AdsRefusal refusal) {
            Response.ResponseBuilder response = Response.status(refusal.status())
                    .type(MediaType.APPLICATION_JSON)
                    .entity(new Failure(refusal.code(), String.valueOf(refusal.getMessage()), request));
            if (refusal.retryAfter() != null) {
                response.header(HttpHeaders.RETRY_AFTER, refusal.retryAfter());
            }
            return envelope(response, request);
        }
    }

    private String login(HttpHeaders headers) {
        String clientId = headers.getHeaderString("Amazon-Advertising-API-ClientId");
        String authorization = headers.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (clientId == null || authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw AdsRefusal.unauthorized();
        }
        Application application = applications
                .withClientId(clientId)
                .filter(found -> found.kind() == Application.Kind.ADS)
                .orElseThrow(AdsRefusal::unauthorized);
        if (tokens.check(authorization.substring(7)) instanceof AccessCheck.Granted granted
                && granted.applicationId().equals(application.applicationId())) {
            call.seller(granted.sellerId());
            return granted.sellerId();
        }
        throw AdsRefusal.unauthorized();
    }

    private static Right right(@Nullable String accessLevel) {
        if (accessLevel == null || accessLevel.equals("edit")) {
            return Right.EDIT;
        }
        if (accessLevel.equals("view")) {
            return Right.VIEW;
        }
        throw AdsRefusal.invalidArgument("Invalid accessLevel");
    }

    private static Predicate<Profile> ofTypes(@Nullable String filter) {
        List<String> types = filter == null ? List.of() : Arrays.asList(filter.split(","));
        return profile -> types.isEmpty() || types.contains(profile.accountType());
    }

    private static void suffer(FaultKind trouble) {
        if (trouble == FaultKind.OUTAGE) {
            throw AdsRefusal.unavailable();
        }
        if (trouble == FaultKind.THROTTLED) {
            throw AdsRefusal.throttled();
        }
        throw trouble == FaultKind.CLIENT_SECRET_EXPIRED ? AdsRefusal.unauthorized() : AdsRefusal.internal();
    }

    private Response envelope(Response.ResponseBuilder response, String request) {
        return response.header("x-amz-request-id", request)
                .header(
                        "Date",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                clock.instant().atOffset(ZoneOffset.UTC)))
                .build();
    }
}
