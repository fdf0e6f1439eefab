package io.perennial.auth.tenant;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as others see it.
 *
 * @param stages absent where the usual ones are meant; so with {@code overdueWeeks}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TenantView(
        String id,
        String name,
        String integrator,
        @Nullable String supportEmail,
        @Nullable String supportHours,
        @Nullable String supportUrl,
        @Nullable String colour,
        @Nullable String logoUrl,
        @Nullable String senderName,
        @Nullable String senderAddress,
        List<String> returnUrls,
        List<String> locales,
        @Nullable List<Integer> stages,
        @Nullable Integer overdueWeeks,
        String timeZone) {}
