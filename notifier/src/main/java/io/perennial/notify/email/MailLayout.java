package io.perennial.notify.email;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateExtension;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;

/** Lays a mail out as a page and as text. */
@Singleton
class MailLayout {
    private static final int COLUMNS = 72;

    /** The same content twice: a program that shows no HTML loses nothing. */
    MailBody lay(MailContent content) {
        return new MailBody(
                Templates.page(content).render(),
                Templates.text(content).render().strip() + "\n");
    }

    record MailBody(String html, String text) {}

    @CheckedTemplate(basePath = "mail")
    static final class Templates {
        private Templates() {}

        static native TemplateInstance page(MailContent content);

        static native TemplateInstance text(MailContent content);
    }

    /** Extensions for the text layout. */
    @TemplateExtension
    static final class Columns {
        private Columns() {}

        /** Broken at spaces, never within a word: an address stays in one piece. */
        static String wrapped(String text) {
            return wrapped(text, "");
        }

        /** As {@link #wrapped(String)}, with what follows the first line indented. */
        static String wrapped(String text, String indent) {
            StringBuilder lines = new StringBuilder();
            int column = indent.length();
            for (String word : text.split(" ", -1)) {
                if (column > indent.length() && column + 1 + word.length() > COLUMNS) {
                    lines.append('\n').append(indent);
                    column = indent.length();
                } else if (column > indent.length()) {
                    lines.append(' ');
                    column++;
                }
                lines.append(word);
                column += word.length();
            }
            return lines.toString();
        }

        /** The text with a line of its length under it. */
        static String underlined(String text, String character) {
            return text + "\n" + character.repeat(Math.min(COLUMNS, text.length()));
        }
    }
}
