package io.perennial.auth.campaign;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.auth.request.Fields;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.RenewalReason;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/campaigns}: why, and a selection as in {@code GET /api/connections}. What is absent selects
 * nothing away.
 *
 * @param app id or name of an application
 * @param needsConsent whether only those without a working consent, or only those with one
 * @param endsUnknown whether only those whose end is estimated, or only the others
 * @param connections these and no others, as far as the rest of the selection allows
 * @param start false: it waits until somebody resumes it
 */
record NewCampaign(
        @Nullable String name,
        @Nullable RenewalReason reason,
        @Nullable String tenant,
        @Nullable Provider provider,
        @Nullable Region region,
        @Nullable String app,
        @Nullable List<ConnectionStatus> state,
        @Nullable Instant endsBefore,
        @Nullable Boolean needsConsent,
        @Nullable Boolean endsUnknown,
        @Nullable List<UUID> connections,
        @Nullable Integer mailsPerMinute,
        @Nullable Boolean start) {
    private static final int MAX_LINE = 200;
    private static final int MAX_CONNECTIONS = 10_000;
    private static final int MAX_PACE = 6_000;

    void check(boolean seesAllTenants) {
        Fields fields = new Fields();
        fields.line("name", name, MAX_LINE);
        fields.required("reason", reason);
        fields.optionalLine("tenant", tenant, MAX_LINE);
        if (tenant == null && !seesAllTenants) {
            fields.reject("tenant", "is required: you may not act for all tenants");
        }
        fields.optionalLine("app", app, MAX_LINE);
        fields.list("state", state, ConnectionStatus.values().length);
        fields.list("connections", connections, MAX_CONNECTIONS);
        if (mailsPerMinute != null && (mailsPerMinute < 1 || mailsPerMinute > MAX_PACE)) {
            fields.reject("mailsPerMinute", "must be between 1 and " + MAX_PACE);
        }
        fields.verify();
    }

    /** The selection alone, as it is shown afterwards. */
    Selection selection() {
        return new Selection(
                tenant,
                provider,
                region,
                app,
                state,
                endsBefore,
                needsConsent,
                endsUnknown,
                connections == null ? null : connections.size());
    }

    /**
     * What was selected.
     *
     * @param connections how many were named
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Selection(
            @Nullable String tenant,
            @Nullable Provider provider,
            @Nullable Region region,
            @Nullable String app,
            @Nullable List<ConnectionStatus> state,
            @Nullable Instant endsBefore,
            @Nullable Boolean needsConsent,
            @Nullable Boolean endsUnknown,
            @Nullable Integer connections) {}
}
