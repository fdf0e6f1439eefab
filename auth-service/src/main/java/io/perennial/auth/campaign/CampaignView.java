package io.perennial.auth.campaign;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.perennial.contracts.RenewalReason;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A campaign as others see it.
 *
 * @param selection as it was asked for
 * @param progress absent in lists
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CampaignView(
        UUID id,
        int number,
        String name,
        RenewalReason reason,
        @Nullable String tenant,
        @JsonRawValue String selection,
        CampaignState state,
        int mailsPerMinute,
        Instant createdAt,
        @Nullable Instant completedAt,
        @Nullable Progress progress) {

    /**
     * How far it came.
     *
     * @param connections how many were selected
     * @param mails how many mails that makes: one for each contact
     * @param withoutContact connections that nobody can be written to about
     * @param waiting mails that are still to be asked for
     * @param asked mails that are asked for and not yet out
     * @param failed mails that the mail server refused, or of which nobody knows whether they left
     * @param opened mails whose link somebody followed to Amazon (looking at a page counts for nothing: scanners do)
     * @param renewed connections with a later consent
     * @param gone connections that were given up meanwhile
     * @param remaining connections that are still to be renewed
     */
    record Progress(
            long connections,
            long mails,
            long withoutContact,
            long waiting,
            long asked,
            long sent,
            long failed,
            long suppressed,
            long opened,
            long renewed,
            long gone,
            long remaining) {}

    CampaignView with(Progress counted) {
        return new CampaignView(
                id, number, name, reason, tenant, selection, state, mailsPerMinute, createdAt, completedAt, counted);
    }
}
