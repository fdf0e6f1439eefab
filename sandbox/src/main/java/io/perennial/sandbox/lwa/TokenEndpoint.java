package io.perennial.sandbox.lwa;

import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.application.Applications;
import io.perennial.sandbox.authorization.TokenGrant;
import io.perennial.sandbox.authorization.Tokens;
import io.perennial.sandbox.calllog.CallRecord;
import io.perennial.sandbox.fault.Fault;
import io.perennial.sandbox.fault.FaultKind;
import io.perennial.sandbox.fault.Faults;
import io.perennial.sandbox.fault.LostReply;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Decides what a token request gets, in the order in which Amazon decides: trouble, form, client, grant. */
@Singleton
class TokenEndpoint {

    private static final Set<String> GRANT_TYPES = Set.of("authorization_code", "refresh_token", "client_credentials");

    private static final Set<String> GRANTLESS_SCOPES = Set.of(
            "sellingpartnerapi::notifications",
            "sellingpartnerapi::client_credential:rotation",
            "sellingpartnerapi::shipments:track");

    private final Applications applications;
    private final Tokens tokens;
    private final Faults faults;
    private final LostReply lostReply;

    TokenEndpoint(Applications applications, Tokens tokens, Faults faults, LostReply lostReply) {
        this.applications = applications;
        this.tokens = tokens;
        this.faults = faults;
        this.lostReply = lostReply;
    }

    sealed interface Answer {}

    record Issued(TokenGrant.Granted tokens) implements Answer {}

    record Page(int status, String mediaType, String body) implements Answer {}

    /** @throws LwaRefusal for every error of the protocol */
    Answer answer(Supplier<TokenRequest> parsing, CallRecord call) {
        call.operation("token");
        TokenRequest request = parsing.get();
        String grantType = request.find("grant_type");
        if (grantType != null) {
            call.grantType(known(grantType));
        }
        Optional<FaultKind> trouble = faults.strike(new Fault.Call("lwa", "token", grantType));
        if (trouble.isPresent() && trouble.get() != FaultKind.LOST_REPLY) {
            return suffer(trouble.get());
        }
        Answer answer = new Issued(issue(request.get("grant_type"), request, call));
        if (trouble.isPresent()) {
            lostReply.cutConnection();
        }
        return answer;
    }

    private static Answer suffer(FaultKind trouble) {
        if (trouble == FaultKind.OUTAGE) {
            return new Page(503, MediaType.TEXT_PLAIN, "Service Unavailable");
        }
        if (trouble == FaultKind.HTML) {
            return new Page(
                    200,
                    MediaType.TEXT_HTML,
                    "<html><body><h1>We are sorry</h1><p>Please try again.</p></body></html>");
        }
        if (trouble == FaultKind.THROTTLED) {
            throw LwaRefusal.throttled();
        }
        if (trouble == FaultKind.CLIENT_SECRET_EXPIRED) {
            throw LwaRefusal.invalidClient();
        }
        if (trouble == FaultKind.INVALID_GRANT) {
            throw LwaRefusal.invalidRefreshToken();
        }
        throw LwaRefusal.serverError();
    }

    private TokenGrant.Granted issue(String grantType, TokenRequest request, CallRecord call) {
        if (grantType.equals("authorization_code")) {
            String code = request.get("code");
            Application client = client(request);
            return granted(
                    tokens.exchange(
                            client.applicationId(),
                            new Tokens.Redemption(code, request.find("redirect_uri"), request.find("code_verifier"))),
                    true,
                    call);
        }
        if (grantType.equals("refresh_token")) {
            String refreshToken = request.get("refresh_token");
            Application client = client(request);
            return granted(tokens.refresh(client.applicationId(), refreshToken), false, call);
        }
        if (grantType.equals("client_credentials")) {
            String scope = request.get("scope");
            Application client = client(request);
            if (!GRANTLESS_SCOPES.contains(scope)) {
                throw LwaRefusal.invalidScope();
            }
            return granted(tokens.grantless(client.applicationId()), false, call);
        }
        throw LwaRefusal.unsupportedGrantType();
    }

    private Application client(TokenRequest request) {
        String clientId = request.get("client_id");
        String secret = request.get("client_secret");
        return applications.authenticate(clientId, secret).orElseThrow(LwaRefusal::invalidClient);
    }

    private static TokenGrant.Granted granted(TokenGrant grant, boolean byCode, CallRecord call) {
        if (grant instanceof TokenGrant.Granted granted) {
            call.seller(granted.sellerId());
            return granted;
        }
        if (grant instanceof TokenGrant.OtherApplication other) {
            call.seller(other.sellerId());
            throw LwaRefusal.otherClient();
        }
        call.seller(((TokenGrant.InvalidGrant) grant).sellerId());
        throw byCode ? LwaRefusal.invalidCode() : LwaRefusal.invalidRefreshToken();
    }

    /** The log takes only words it knows: a confused client may put a secret here. */
    private static String known(String grantType) {
        return GRANT_TYPES.contains(grantType) ? grantType : "other";
    }
}
