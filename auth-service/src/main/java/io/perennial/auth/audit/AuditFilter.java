package io.perennial.auth.audit;

import io.perennial.problem.ProblemException;
import io.perennial.service.PageCursor;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
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
        if (kind == null) {
            return null;
        }
        try {
            return AuditKind.valueOf(kind).name();
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalidField("kind", "must be one of " + List.of(AuditKind.values()));
        }
    }

    @Nullable
    String actor() {
        return bounded("actor", actor);
    }

    @Nullable
    OffsetDateTime from() {
        return instant("from", from);
    }

    @Nullable
    OffsetDateTime to() {
        return instant("to", to);
    }

    @Nullable
    Long before() {
        List<String> sortKey = PageCursor.decode(cursor, 1);
        if (sortKey == null) {
            return null;
        }
        try {
            return Long.valueOf(sortKey.get(0));
        } catch (NumberFormatException e) {
            throw PageCursor.refused();
        }
    }

    int limit() {
        if (limit == null) {
            return PageCursor.limit(null);
        }
        try {
            return PageCursor.limit(Integer.valueOf(limit));
        } catch (NumberFormatException e) {
            throw ProblemException.invalidField("limit", "must be a number");
        }
    }

    private static @Nullable String bounded(String field, @Nullable String value) {
        if (value != null && (value.length() > MAX_TEXT || value.indexOf('\0') >= 0)) {
            throw ProblemException.invalidField(field, "must be at most " + MAX_TEXT + " characters");
        }
        return value;
    }

    private static @Nullable OffsetDateTime instant(String field, @Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            return Instant.parse(value).atOffset(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw ProblemException.invalidField(field, "must be an instant such as 2027-01-15T00:00:00Z");
        }
    }
}
