package io.perennial.notify.links;

import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * auth-service's answer about one (connection, generation).
 *
 * @param current whether the generation is the highest one and the connection is not given up
 * @param url landing page of the consent; only for a current generation
 * @param reference what the merchant names to the support
 * @param endsAtSource how sure the end is
 * @param campaign the campaign that was asked for
 * @param selfAuthorized whether its owner makes the tokens himself: there is no page of the provider to send him to
 * @param group the group whose link this is
 * @param saidRenewedAt when its owner said that it was renewed already
 */
public record ReminderLink(
        UUID connectionId,
        int generation,
        boolean current,
        @Nullable ConnectionStatus state,
        @Nullable String url,
        @Nullable String reference,
        @Nullable String label,
        @Nullable String externalId,
        @Nullable Instant endsAt,
        @Nullable EndsAtSource endsAtSource,
        @Nullable String accountId,
        @Nullable String accountName,
        @Nullable Provider provider,
        @Nullable Region region,
        @Nullable Brand tenant,
        @Nullable List<Contact> contacts,
        @Nullable Campaign campaign,
        boolean selfAuthorized,
        @Nullable Integer group,
        @Nullable Instant saidRenewedAt) {

    /** What this answers. */
    LinkRequest.Key question() {
        return new LinkRequest.Key(connectionId, generation, campaign == null ? null : campaign.number(), group);
    }

    /** Whether nobody saw the consent: the end may be some days or months beside the truth. */
    public boolean endEstimated() {
        return endsAt != null && endsAtSource == EndsAtSource.ESTIMATE;
    }

    /** Whom to write to, the first by order first. */
    public List<Contact> contactsInOrder() {
        return contacts == null
                ? List.of()
                : contacts.stream()
                        .sorted(Comparator.comparingInt(Contact::order).thenComparing(Contact::id))
                        .toList();
    }

    /** Without link, names and addresses: they never reach a log. */
    @Override
    public String toString() {
        return "ReminderLink[" + connectionId + ", generation " + generation + ", current " + current + "]";
    }
}
