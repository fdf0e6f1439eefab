package io.perennial.auth.profile;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All profiles of a connection, open and chosen.
 *
 * @param explanation why there is nothing to choose from
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProfileBook(
        UUID connectionId, int generation, List<ProfileView> items, @Nullable Explanation explanation) {

    /** A cause with its remedy. */
    public record Explanation(String code, String text) {
        static final Explanation NOTHING_OPEN = new Explanation(
                "NO_PROFILES",
                "Amazon lists no advertising profile. Either the account advertises in another region than the"
                        + " connection's, or the person who consented has no right to edit a profile.");
    }

    @JsonIgnore
    public boolean nothingChosen() {
        return items.stream().noneMatch(ProfileView::chosen);
    }
}
