package io.perennial.sandbox.consent;

import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.sellingpartner.SellingPartner.User;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import io.perennial.sandbox.token.OpaqueToken;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Who is signed in, by browser. A session has no end but signing out: that is what makes the last account stick. */
@Singleton
class CentralSessions {

    record Session(User user, String formToken) {

        @Override
        public String toString() {
            return "Session of " + user.account();
        }
    }

    private final Database database;
    private final SellingPartners partners;
    private final String cookie;

    CentralSessions(Database database, SellingPartners partners, @ConfigProperty(name = "quarkus.http.port") int port) {
        this.database = database;
        this.partners = partners;
        this.cookie = "sandbox-central-" + port;
    }

    Optional<Session> current(HttpHeaders headers) {
        return value(headers)
                .flatMap(value -> database.first(
                        "select email, form_token from central_session where session_hash = ?",
                        row -> Map.entry(row.text("email"), row.text("form_token")),
                        OpaqueToken.hash(value)))
                .flatMap(row -> partners.user(row.getKey()).map(user -> new Session(user, row.getValue())));
    }

    NewCookie open(User user) {
        OpaqueToken id = OpaqueToken.random("", 32);
        database.update(
                "insert into central_session (session_hash, email, form_token) values (?, ?, ?)",
                id.hash(),
                user.email(),
                OpaqueToken.random("", 24).reveal());
        return cookie(id.reveal(), NewCookie.DEFAULT_MAX_AGE);
    }

    NewCookie close(HttpHeaders headers) {
        value(headers)
                .ifPresent(value ->
                        database.update("delete from central_session where session_hash = ?", OpaqueToken.hash(value)));
        return cookie("", 0);
    }

    static boolean formTokenFits(Session session, @Nullable String sent) {
        return sent != null && OpaqueToken.same(session.formToken(), sent);
    }

    private Optional<String> value(HttpHeaders headers) {
        return Optional.ofNullable(headers.getCookies().get(cookie)).map(Cookie::getValue);
    }

    private NewCookie cookie(String value, int maxAge) {
        return new NewCookie.Builder(cookie)
                .value(value)
                .path("/")
                .httpOnly(true)
                .sameSite(NewCookie.SameSite.LAX)
                .maxAge(maxAge)
                .build();
    }
}
