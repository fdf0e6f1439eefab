package io.perennial.auth.tenant;

import io.perennial.auth.request.Fields;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code PUT /api/tenants/{id}}: the whole description; what is absent is removed.
 *
 * @param stages days before the end of a grant at which its merchant is reminded, falling; the end itself is always told,
 *     whether 0 is named or not. Absent: the usual ones
 * @param overdueWeeks for how many weeks after the end. Absent: the usual number
 */
public record TenantDescription(
        @Nullable String name,
        @Nullable String integrator,
        @Nullable String supportEmail,
        @Nullable String supportHours,
        @Nullable String supportUrl,
        @Nullable String colour,
        @Nullable String logoUrl,
        @Nullable String senderName,
        @Nullable String senderAddress,
        @Nullable List<String> returnUrls,
        @Nullable List<String> locales,
        @Nullable List<Integer> stages,
        @Nullable Integer overdueWeeks,
        @Nullable String timeZone) {
    private static final Pattern COLOUR = Pattern.compile("#[0-9A-Fa-f]{6}");
    private static final int MAX_LINE = 200;
    private static final int MAX_ENTRIES = 20;

    /** The provider's rule ends a grant after 365 days: an earlier stage would be due with the consent. */
    private static final int EARLIEST_STAGE = 364;

    /** A link mailed before the end works until 60 days after it ({@code perennial.consent.link-after-end}). */
    private static final int MOST_WEEKS = 8;

    void check(boolean loopbackUrls) {
        Fields fields = new Fields();
        fields.line("name", name, MAX_LINE);
        fields.optionalLine("integrator", integrator, MAX_LINE);
        fields.optionalMailbox("supportEmail", supportEmail);
        fields.optionalLine("supportHours", supportHours, MAX_LINE);
        fields.optionalUrl("supportUrl", supportUrl, loopbackUrls);
        fields.optionalMatch("colour", colour, COLOUR, "must be a colour such as #0A66C2");
        fields.optionalUrl("logoUrl", logoUrl, loopbackUrls);
        fields.optionalLine("senderName", senderName, MAX_LINE);
        fields.optionalMailbox("senderAddress", senderAddress);
        List<String> urls = fields.list("returnUrls", returnUrls, MAX_ENTRIES);
        for (int i = 0; i < urls.size(); i++) {
            fields.optionalUrl("returnUrls[" + i + "]", urls.get(i), loopbackUrls);
        }
        List<String> languages = fields.list("locales", locales, MAX_ENTRIES);
        for (int i = 0; i < languages.size(); i++) {
            fields.optionalLocale("locales[" + i + "]", languages.get(i));
        }
        checkStages(fields);
        if (timeZone != null && !ZoneId.getAvailableZoneIds().contains(timeZone)) {
            fields.reject("timeZone", "must be a time zone such as Europe/Berlin");
        }
        fields.verify();
    }

    private void checkStages(Fields fields) {
        List<Integer> days = fields.list("stages", stages, MAX_ENTRIES);
        for (int i = 0; i < days.size(); i++) {
            if (days.get(i) < 0 || days.get(i) > EARLIEST_STAGE) {
                fields.reject("stages[" + i + "]", "must be a number of days from " + EARLIEST_STAGE + " to 0");
            } else if (i > 0 && days.get(i) > days.get(i - 1)) {
                fields.reject("stages[" + i + "]", "must be less than the stage before it, for example 30, 16, 2");
            }
        }
        if (stages != null && stages.isEmpty()) {
            fields.reject("stages", "must have an entry; leave it out for the usual stages");
        }
        if (overdueWeeks != null && (overdueWeeks < 0 || overdueWeeks > MOST_WEEKS)) {
            fields.reject("overdueWeeks", "must be a number of weeks from 0 to " + MOST_WEEKS);
        }
    }

    /** The stages to the end, as they are kept; null for the usual ones. */
    Integer @Nullable [] stagesToTheEnd() {
        if (stages == null) {
            return null;
        }
        boolean named = stages.get(stages.size() - 1) == 0;
        return Stream.concat(stages.stream(), named ? Stream.empty() : Stream.of(0))
                .toArray(Integer[]::new);
    }
}
