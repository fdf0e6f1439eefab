package io.perennial.notify.links;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One question: is this generation still the current one, and if so, where is its landing page?
 *
 * @param campaign number of the campaign whose link is asked for; null for a link of this connection alone
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LinkRequest(UUID connectionId, int generation, @Nullable Integer campaign) {
    public LinkRequest(UUID connectionId, int generation) {
        this(connectionId, generation, null);
    }
}
