package io.perennial.auth.authorization;

import io.perennial.auth.authorization.page.Page.Choice;
import io.perennial.auth.authorization.page.Page.Frame;
import io.perennial.auth.authorization.page.Page.ProfileChoice;
import io.perennial.auth.authorization.page.Page.Tone;
import io.perennial.auth.authorization.page.Randomness;
import io.perennial.auth.authorization.page.Texts;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.profile.ProfileBook;
import io.perennial.auth.profile.ProfileView;
import io.perennial.auth.profile.ProfileView.Access;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The page on which a merchant chooses advertising profiles after a consent. */
final class ProfilePages {
    private ProfilePages() {}

    /** Whether the result of an attempt goes on with a choice: as long as no later consent took its place. */
    static boolean wanted(Attempt attempt, ConnectionView connection) {
        return attempt.status() == AuthorizationStatus.COMPLETED && connection.generation() == attempt.generation() + 1;
    }

    /** Name of the form, for its token. */
    static String form(Attempt attempt) {
        return "profiles\n" + attempt.id();
    }

    static String address(Attempt attempt) {
        return ResultPages.address(attempt) + "/profiles";
    }

    static ProfileChoice page(
            Attempt attempt, Frame frame, ProfileBook book, String browser, List<String> done, @Nullable String back) {
        Texts texts = frame.texts();
        boolean open = book.nothingChosen();
        List<String> paragraphs = new ArrayList<>(done);
        paragraphs.add(open ? texts.chooseProfilesText() : texts.profilesChosenText());
        String tenant = frame.brand() == null ? "" : frame.brand().name();
        return new ProfileChoice(
                frame,
                open ? Tone.QUESTION : Tone.GOOD,
                open ? "choose-profiles" : "connected",
                open ? texts.chooseProfilesTitle() : texts.connectedTitle(),
                paragraphs,
                texts.profiles(),
                book.items().stream().map(profile -> choice(profile, texts)).toList(),
                address(attempt),
                Randomness.formToken(browser, form(attempt)),
                open ? texts.chooseProfiles() : texts.changeProfiles(),
                back,
                back == null ? null : texts.backTo(tenant));
    }

    private static Choice choice(ProfileView profile, Texts texts) {
        String note = null;
        if (profile.access() == Access.NO_ACCESS) {
            note = texts.profileLost();
        } else if (profile.heldBy() != null) {
            note = texts.profileHeld();
        }
        return new Choice(
                profile.profileId(),
                profile.title(),
                profile.chosen(),
                !profile.choosable() && !profile.chosen(),
                note);
    }
}
