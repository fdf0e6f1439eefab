package io.perennial.console.web;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds every page.
 *
 * @param place which entry of the navigation is marked
 * @param assets changes with the style sheet and the script, so that browsers may keep them
 * @param now the domain clock's time, by which days are counted
 */
public record Frame(
        @Nullable String visitor, boolean mayAct, boolean severalTenants, String place, String assets, Instant now) {

    /** Whether somebody is signed in. */
    public boolean signedIn() {
        return visitor != null;
    }
}
