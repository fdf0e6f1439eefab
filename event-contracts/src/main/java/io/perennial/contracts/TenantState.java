package io.perennial.contracts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant has chosen, as it is now. Latest record per key wins; a tenant without one has chosen nothing.
 *
 * @param stages days before the end at which is reminded, falling, 0 (the end itself) last; absent where the usual ones are
 *     meant
 * @param overdueWeeks how many weeks after the end is reminded; absent where the usual number is meant
 */
public record TenantState(TenantRef about, @Nullable List<Integer> stages, @Nullable Integer overdueWeeks)
        implements TenantEvent {}
