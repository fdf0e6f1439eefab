package io.perennial.notify.reminder;

import io.perennial.notify.links.LinkRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Claimed reminders that may leave in one mail.
 *
 * @param group by which auth-service gives them one link; null where there is only one connection
 */
record Bundle(List<ClaimedReminder> reminders, @Nullable Integer group) {
    /** A link names at most so many connections (auth-service, {@code POST /api/consent-links}). */
    private static final int MAX_CONNECTIONS = 50;

    /** Those of one mailbox together, as far as their kind allows. */
    static List<Bundle> of(List<ClaimedReminder> addressed) {
        Map<UUID, List<ClaimedReminder>> byMailbox = new LinkedHashMap<>();
        for (ClaimedReminder reminder : addressed) {
            UUID together = SendTimes.isCollected(reminder.kind()) ? reminder.mailbox() : reminder.id();
            byMailbox.computeIfAbsent(together, id -> new ArrayList<>()).add(reminder);
        }
        List<Bundle> bundles = new ArrayList<>();
        int groups = 0;
        for (List<ClaimedReminder> all : byMailbox.values()) {
            for (int from = 0; from < all.size(); from += MAX_CONNECTIONS) {
                List<ClaimedReminder> part =
                        List.copyOf(all.subList(from, Math.min(all.size(), from + MAX_CONNECTIONS)));
                bundles.add(new Bundle(part, isAboutSeveral(part) ? ++groups : null));
            }
        }
        return bundles;
    }

    private static boolean isAboutSeveral(List<ClaimedReminder> reminders) {
        return reminders.stream()
                        .map(ClaimedReminder::connectionId)
                        .distinct()
                        .limit(2)
                        .count()
                > 1;
    }

    LinkRequest question(ClaimedReminder reminder) {
        return reminder.questionOfLink(group);
    }
}
