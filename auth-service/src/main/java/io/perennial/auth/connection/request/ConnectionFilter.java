package io.perennial.auth.connection.request;

import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.problem.ProblemException;
import io.perennial.service.PageCursor;
import io.perennial.service.QueryText;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The query parameters of {@code GET /api/connections}. */
public class ConnectionFilter {
    private static final int MAX_SEARCH = 200;

    @QueryParam("tenant")
    @Nullable
    String tenant;

    /** May be repeated. */
    @QueryParam("state")
    @Nullable
    List<String> state;

    @QueryParam("provider")
    @Nullable
    String provider;

    @QueryParam("region")
    @Nullable
    String region;

    @QueryParam("endsBefore")
    @Nullable
    String endsBefore;

    @QueryParam("needsConsent")
    @Nullable
    String needsConsent;

    @QueryParam("q")
    @Nullable
    String search;

    @QueryParam("cursor")
    @Nullable
    String cursor;

    @QueryParam("limit")
    @Nullable
    String limit;

    public @Nullable String tenant() {
        return tenant;
    }

    public String @Nullable [] states() {
        if (state == null || state.isEmpty()) {
            return null;
        }
        return state.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(value -> constant("state", value, ConnectionStatus.class))
                .toArray(String[]::new);
    }

    @Nullable
    public String provider() {
        return constant("provider", provider, Provider.class);
    }

    @Nullable
    public String region() {
        return constant("region", region, Region.class);
    }

    @Nullable
    public OffsetDateTime endsBefore() {
        Instant end = QueryText.instant("endsBefore", endsBefore);
        return end == null ? null : end.atOffset(ZoneOffset.UTC);
    }

    @Nullable
    public Boolean needsConsent() {
        if (needsConsent == null) {
            return null;
        }
        if (!needsConsent.equals("true") && !needsConsent.equals("false")) {
            throw ProblemException.invalidField("needsConsent", "must be true or false");
        }
        return Boolean.valueOf(needsConsent);
    }

    /** Pattern that finds the search text anywhere; its wildcards mean themselves. */
    @Nullable
    public String pattern() {
        if (search == null || search.isBlank()) {
            return null;
        }
        if (search.length() > MAX_SEARCH || search.indexOf('\0') >= 0) {
            throw ProblemException.invalidField("q", "must be at most " + MAX_SEARCH + " characters");
        }
        return "%" + search.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }

    @Nullable
    public UUID before() {
        return PageCursor.decode(cursor, UUID::fromString);
    }

    public int limit() {
        return QueryText.limit(limit);
    }

    private static <E extends Enum<E>> @Nullable String constant(String field, @Nullable String value, Class<E> type) {
        E known = QueryText.constant(field, value, type);
        return known == null ? null : known.name();
    }
}
