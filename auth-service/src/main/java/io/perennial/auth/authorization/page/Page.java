package io.perennial.auth.authorization.page;

import io.perennial.auth.tenant.TenantView;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the pages show. The templates know nothing else. */
public final class Page {
    private Page() {}

    /** The templates. */
    @CheckedTemplate(basePath = "authorization")
    public static class Templates {
        private Templates() {}

        public static native TemplateInstance connect(Landing page);

        public static native TemplateInstance notice(Notice page);

        public static native TemplateInstance help(Help page);

        public static native TemplateInstance profiles(ProfileChoice page);
    }

    /**
     * What is around every page.
     *
     * @param brand the tenant and its support; null where nothing is known about the visitor
     * @param reference the number to quote
     */
    public record Frame(String language, Texts texts, @Nullable TenantView brand, @Nullable String reference) {
        public String colour() {
            return brand == null || brand.colour() == null ? "" : brand.colour().substring(1);
        }
    }

    /**
     * The landing page.
     *
     * @param events where the page learns that a connection is back
     */
    public record Landing(
            Frame frame, String title, String lead, List<Entry> entries, List<String> advice, String events) {
        /** With several, each consent gets a window of its own, so that the list stays in sight. */
        public boolean several() {
            return entries.size() > 1;
        }
    }

    /** Where a merchant says that he renewed already. */
    public record Renewed(String address, String formToken) {}

    /** A button that gives a consent, which came before anybody knew whose it was, to a connection. */
    public record Claim(String address, String label, String formToken) {}

    /**
     * One connection on the landing page.
     *
     * @param heading of its region, where a new region begins and there are several
     * @param back whether it was connected since the link was made
     * @param next whether it is the one to go on with
     */
    public record Entry(
            UUID connectionId,
            String label,
            String reference,
            String account,
            String accountIdLabel,
            @Nullable String accountId,
            String marketplace,
            @Nullable String endLabel,
            @Nullable String end,
            boolean open,
            @Nullable String note,
            String formToken,
            @Nullable String heading,
            boolean back,
            boolean next,
            @Nullable Claim claim,
            @Nullable Renewed renewed) {}

    /**
     * Every other page: a message and what can be done.
     *
     * @param outcome what it is about, for tests and style sheets
     */
    public record Notice(
            Frame frame,
            Tone tone,
            String outcome,
            String title,
            List<String> paragraphs,
            List<Action> actions,
            @Nullable String back,
            @Nullable String backLabel) {}

    /**
     * The choice of advertising profiles.
     *
     * @param outcome what it is about, for tests and style sheets
     */
    public record ProfileChoice(
            Frame frame,
            Tone tone,
            String outcome,
            String title,
            List<String> paragraphs,
            String legend,
            List<Choice> choices,
            String address,
            String formToken,
            String label,
            @Nullable String back,
            @Nullable String backLabel) {}

    /**
     * One profile to tick.
     *
     * @param fixed can not be ticked, as the note says
     */
    public record Choice(String id, String title, boolean chosen, boolean fixed, @Nullable String note) {}

    /** What Amazon's pages mean. */
    public record Help(Frame frame, HelpTexts words, List<HelpEntry> entries) {
        public String title() {
            return words.title();
        }
    }

    /**
     * One thing that Amazon shows.
     *
     * @param id where a link on the page leads
     */
    public record HelpEntry(String id, String shown, String meaning, String remedy) {}

    /** How a message feels. */
    public enum Tone {
        GOOD,
        WAITING,
        QUESTION,
        BAD
    }

    /** A button that posts a form. */
    public record Action(
            String id, String address, String label, boolean primary, String formToken, String name, String value) {}
}
