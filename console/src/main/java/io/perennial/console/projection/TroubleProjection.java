package io.perennial.console.projection;

import io.perennial.contracts.AuthorizationAbandoned;
import io.perennial.contracts.AuthorizationFailed;
import io.perennial.contracts.ConnectionAuthorized;
import io.perennial.contracts.ConnectionEvent;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ConsentHeld;
import io.perennial.contracts.DuplicateRejected;
import io.perennial.contracts.Event;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchFailed;
import io.perennial.contracts.FetchParked;
import io.perennial.contracts.ReminderAmbiguous;
import io.perennial.contracts.ReminderFailed;
import io.perennial.contracts.ReminderSent;
import io.perennial.contracts.ReminderSuppressed;
import io.perennial.contracts.TokenExpired;
import io.perennial.contracts.TokenReinstated;
import io.perennial.contracts.TokenRenewed;
import io.perennial.contracts.TokenRevoked;
import io.perennial.contracts.WrongAccountRejected;
import io.perennial.inbox.BatchHandler;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The last thing that went wrong with the authorization, the fetches and the mails of a connection, or that it is mended.
 * An event of a lower generation than one already seen changes nothing.
 */
final class TroubleProjection implements BatchHandler {
    private static final String UPSERT =
            """
            insert into trouble as t (connection_id, kind, tenant_id, generation, occurred_at, code, detail)
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::timestamptz[], $6::text[], $7::text[])
            on conflict (connection_id, kind) do update set
                generation = excluded.generation, occurred_at = excluded.occurred_at,
                code = excluded.code, detail = excluded.detail
            where (excluded.generation, excluded.occurred_at) >= (t.generation, t.occurred_at)
            """;

    /** Mails that found nobody to go to; the others were not wanted any more. */
    private static final Set<String> NOBODY_HEARS = Set.of("NO_CONTACT", "NOBODY_HEARS");

    private enum Kind {
        AUTHORIZATION,
        /** A consent that waits for an operator; the detail is what the decision is given for. */
        CONSENT,
        FETCH,
        REMINDER
    }

    private record Trouble(Kind kind, ConnectionRef about, @Nullable String code, @Nullable String detail) {
        String key() {
            return about.connectionId() + " " + kind;
        }

        boolean supersedes(Trouble other) {
            int generations = Integer.compare(about.generation(), other.about.generation());
            return generations > 0 || (generations == 0 && !about.occurredAt().isBefore(other.about.occurredAt()));
        }
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> fresh) {
        Map<String, Trouble> last = new TreeMap<>();
        for (EventEnvelope event : fresh) {
            for (Trouble trouble : troublesOf(event.data())) {
                last.merge(trouble.key(), trouble, (a, b) -> b.supersedes(a) ? b : a);
            }
        }
        return Columns.of(last.values())
                .uuid(t -> t.about().connectionId())
                .text(t -> t.kind().name())
                .text(t -> t.about().tenantId())
                .number(t -> t.about().generation())
                .instant(t -> t.about().occurredAt())
                .text(Trouble::code)
                .text(Trouble::detail)
                .execute(transaction, UPSERT);
    }

    private static List<Trouble> troublesOf(Event event) {
        List<Trouble> troubles = new ArrayList<>();
        if (event instanceof ConsentHeld held) {
            String review = held.reviewId().toString();
            troubles.add(new Trouble(Kind.CONSENT, held.about(), "CONSENT_HELD", review));
        }
        Trouble trouble = troubleOf(event);
        if (trouble != null) {
            troubles.add(trouble);
        }
        boolean decided = event instanceof AuthorizationFailed
                || event instanceof ConnectionAuthorized
                || event instanceof TokenRenewed;
        if (decided && event instanceof ConnectionEvent connected) {
            troubles.add(new Trouble(Kind.CONSENT, connected.about(), null, null));
        }
        return troubles;
    }

    private static @Nullable Trouble troubleOf(Event event) {
        if (event instanceof FetchFailed failed) {
            return new Trouble(Kind.FETCH, failed.about(), "FETCH_FAILED", failed.code());
        }
        if (event instanceof FetchParked parked) {
            return new Trouble(Kind.FETCH, parked.about(), "FETCH_PARKED", parked.code());
        }
        if (event instanceof FetchCompleted completed) {
            return new Trouble(Kind.FETCH, completed.about(), null, null);
        }
        if (event instanceof ReminderFailed failed) {
            return new Trouble(Kind.REMINDER, failed.about(), "REMINDER_FAILED", failed.code());
        }
        if (event instanceof ReminderSuppressed suppressed && NOBODY_HEARS.contains(suppressed.reason())) {
            return new Trouble(Kind.REMINDER, suppressed.about(), "NOBODY_HEARS", suppressed.reason());
        }
        if (event instanceof ReminderAmbiguous ambiguous) {
            return new Trouble(Kind.REMINDER, ambiguous.about(), "REMINDER_AMBIGUOUS", null);
        }
        if (event instanceof ReminderSent sent) {
            return new Trouble(Kind.REMINDER, sent.about(), null, null);
        }
        return authorizationTrouble(event);
    }

    private static @Nullable Trouble authorizationTrouble(Event event) {
        if (event instanceof TokenExpired expired) {
            return new Trouble(Kind.AUTHORIZATION, expired.about(), "TOKEN_EXPIRED", null);
        }
        if (event instanceof TokenRevoked revoked) {
            return new Trouble(Kind.AUTHORIZATION, revoked.about(), "TOKEN_REVOKED", null);
        }
        if (event instanceof WrongAccountRejected wrong) {
            return new Trouble(Kind.AUTHORIZATION, wrong.about(), "WRONG_ACCOUNT", wrong.offeredAccountId());
        }
        if (event instanceof DuplicateRejected duplicate) {
            return new Trouble(Kind.AUTHORIZATION, duplicate.about(), "DUPLICATE", duplicate.accountId());
        }
        if (event instanceof AuthorizationFailed failed) {
            return new Trouble(Kind.AUTHORIZATION, failed.about(), "AUTHORIZATION_FAILED", failed.code());
        }
        if (event instanceof AuthorizationAbandoned abandoned) {
            return new Trouble(Kind.AUTHORIZATION, abandoned.about(), "ABANDONED", null);
        }
        boolean mended = event instanceof ConnectionAuthorized
                || event instanceof TokenRenewed
                || event instanceof TokenReinstated;
        return mended && event instanceof ConnectionEvent connected
                ? new Trouble(Kind.AUTHORIZATION, connected.about(), null, null)
                : null;
    }
}
