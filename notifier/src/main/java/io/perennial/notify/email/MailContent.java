package io.perennial.notify.email;

import io.quarkus.qute.TemplateData;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a mail says, in its language, before it is laid out. All texts are plain; the HTML layout escapes them.
 *
 * @param preview what mail programs show beside the subject
 * @param sender the tenant's name as the merchant knows it
 * @param action the one thing to do; absent where nothing is to be done
 */
@TemplateData
record MailContent(
        String language,
        String subject,
        String preview,
        String sender,
        BrandColours colours,
        @Nullable String logoUrl,
        String heading,
        String greeting,
        List<String> paragraphs,
        List<Fact> facts,
        @Nullable Action action,
        List<Block> blocks,
        Support support,
        String footer,
        @Nullable Stop stop) {

    /** A line of the table that says what the mail is about. */
    @TemplateData
    record Fact(String name, String value) {}

    /** The button, and the address it opens written out. */
    @TemplateData
    record Action(String label, String url, String addressIntro) {}

    /** A list under a heading. */
    @TemplateData
    record Block(String heading, boolean numbered, List<String> items) {}

    /** How to get no more mails. */
    @TemplateData
    record Stop(String label, String url) {
        static @Nullable Stop of(@Nullable String url, Messages say) {
            return url == null ? null : new Stop(say.unsubscribeLink(), url);
        }
    }

    /** Whom to ask. */
    @TemplateData
    record Support(String heading, List<String> lines) {}
}
