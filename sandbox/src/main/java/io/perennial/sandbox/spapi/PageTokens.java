package io.perennial.sandbox.spapi;

import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.order.OrderQuery.Position;
import io.perennial.sandbox.token.OpaqueToken;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;

/** Page tokens: bound to the account, the application and the exact query, for 24 hours of domain time. */
@Singleton
class PageTokens {

    private static final Duration LIFETIME = Duration.ofHours(24);

    /** Where the next page begins, and the end that held on the first one. */
    record Continuation(Position position, Instant upperBound) {}

    private final Database database;
    private final SandboxClock clock;

    PageTokens(Database database, SandboxClock clock) {
        this.database = database;
        this.clock = clock;
    }

    String issue(Caller caller, SearchParameters parameters, Continuation continuation) {
        Instant now = clock.instant();
        OpaqueToken token = OpaqueToken.random("", 60);
        database.update(
                """
                insert into page_token (token_hash, seller_id, application_id, query, upper_bound, position_at,
                                        position_order_id, expires_at)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                token.hash(),
                caller.account().sellerId(),
                caller.applicationId(),
                parameters.identity(),
                continuation.upperBound(),
                continuation.position().time(),
                continuation.position().orderId(),
                now.plus(LIFETIME));
        database.update("delete from page_token where expires_at <= ?", now);
        return token.reveal();
    }

    /** @throws SpApiRefusal when the token is not for this query, or too old */
    Continuation redeem(Caller caller, SearchParameters parameters, String token) {
        return database.first(
                        """
                        select upper_bound, position_at, position_order_id from page_token
                        where token_hash = ? and seller_id = ? and application_id = ? and query = ? and expires_at > ?
                        """,
                        row -> new Continuation(
                                new Position(row.instant("position_at"), row.text("position_order_id")),
                                row.instant("upper_bound")),
                        OpaqueToken.hash(token),
                        caller.account().sellerId(),
                        caller.applicationId(),
                        parameters.identity(),
                        clock.instant())
                .orElseThrow(() -> SpApiRefusal.invalidInput("Invalid paginationToken."));
    }
}
