package io.perennial.console.live;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Connections that changed since the last look.
 *
 * @param tooMany more than can be told one by one: pages read all they show anew
 */
record Changes(List<Change> changed, boolean tooMany) {
    static final Changes NONE = new Changes(List.of(), false);

    record Change(UUID connection, String tenant) {}

    boolean isEmpty() {
        return changed.isEmpty() && !tooMany;
    }

    /** Only what these tenants may know; null stands for all tenants. */
    Changes seenBy(String @Nullable [] tenants) {
        if (tenants == null) {
            return this;
        }
        List<String> seen = Arrays.asList(tenants);
        return new Changes(
                changed.stream()
                        .filter(change -> seen.contains(change.tenant()))
                        .toList(),
                tooMany);
    }

    String ids() {
        return changed.stream().map(change -> change.connection().toString()).collect(Collectors.joining(" "));
    }
}
