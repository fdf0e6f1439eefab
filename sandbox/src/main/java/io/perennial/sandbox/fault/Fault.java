package io.perennial.sandbox.fault;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One planned trouble.
 *
 * @param operation an operation of the call log, {@code token.GRANT_TYPE}, {@code lwa}, {@code sp-api}, {@code ads-api} or {@code *}
 * @param probability 1 when absent
 * @param seed decides which calls are struck
 * @param until on the domain clock; without it, until the faults are replaced
 * @param latencyMs with {@code latency}
 * @param rate with {@code quota}: requests per second that replace the published ones
 * @param burst with {@code quota}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Fault(
        String operation,
        FaultKind kind,
        @Nullable Double probability,
        @Nullable Long seed,
        @Nullable Instant until,
        @Nullable Long latencyMs,
        @Nullable Double rate,
        @Nullable Integer burst) {

    double chance() {
        return Objects.requireNonNullElse(probability, 1.0);
    }

    boolean concerns(Call call, Instant now) {
        boolean named = operation.equals("*") || operation.equals(call.family()) || operation.equals(call.operation());
        boolean grant = call.grantType() != null && operation.equals(call.operation() + "." + call.grantType());
        return (named || grant) && (until == null || now.isBefore(until));
    }

    /** The call that may be struck; family is {@code lwa}, {@code sp-api} or {@code ads-api}. */
    public record Call(String family, String operation, @Nullable String grantType) {}
}
