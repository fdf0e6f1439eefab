package io.perennial.notify.links;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One question: is this generation still the current one, and if so, who is to be written to, and where is its landing page?
 *
 * @param campaign number of the campaign whose link is asked for; null for a link of this connection alone
 * @param group those of one number share one link; null for a link of its own
 * @param link false when only state and contacts are wanted; null for true
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LinkRequest(
        UUID connectionId,
        int generation,
        @Nullable Integer campaign,
        @Nullable Integer group,
        @Nullable Boolean link) {
    public LinkRequest(UUID connectionId, int generation) {
        this(connectionId, generation, null, null, null);
    }

    /** What tells its answer from others in one batch. */
    Key key() {
        return new Key(connectionId, generation, campaign, group);
    }

    /** An answer repeats this. */
    record Key(UUID connectionId, int generation, @Nullable Integer campaign, @Nullable Integer group) {}
}
