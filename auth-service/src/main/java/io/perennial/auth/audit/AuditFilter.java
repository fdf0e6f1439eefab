package io.perennial.auth.audit;

import io.perennial.problem.ProblemException;
import io.perennial.service.PageCursor;
import io.perennial.service.QueryText;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The query parameters of {@code GET /api/audit}; all of them narrow. */
public class AuditFilter {
    private static final int MAX_TEXT = 200;

    @QueryParam("tenant")
    @Nullable
    String tenant;

    @QueryParam("connection")
    @Nullable
    String connection;

    @QueryParam("kind")
    @Nullable
    String kind;

    @QueryParam("actor")
    @Nullable
    String actor;

    @QueryParam("from")
    @Nullable
    String from;

    @QueryParam("to")
    @Nullable
    String to;

    @QueryParam("cursor")
    @Nullable
    String cursor;

    @QueryParam("limit")
    @Nullable
    String limit;

    @Nullable
    String tenant() {
        return bounded("tenant", tenant);
    }

    @Nullable
    UUID connection() {
        if (connection == null) {
            return null;
        }
        try {
            return UUID.fromString(connection);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalidField("connection", "must be the id of a connection");
        }
    }

    @Nullable
    String kind() {
        AuditKind known = QueryText.constant("kind", kind, AuditKind.class);
        return known == null ? null : known.name();
    }

    @Nullable
    String actor() {
        return bounded("actor", actor);
    }

    @Nullable
    OffsetDateTime from() {
        return utc(QueryText.instant("from", from));
    }

    @Nullable
    OffsetDateTime to() {
        return utc(QueryText.instant("to", to));
    }

    @Nullable
    Long before() {
        return PageCursor.decode(cursor, Long::valueOf);
    }

    int limit() {
        return QueryText.limit(limit);
    }

    private static @Nullable String bounded(String field, @Nullable String value) {
        if (value != null && (value.length() > MAX_TEXT || value.indexOf('\0') >= 0)) {
            throw ProblemException.invalidField(field, "must be at most " + MAX_TEXT + " characters");
        }
        return value;
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
