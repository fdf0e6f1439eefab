package io.perennial.notify.email;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateExtension;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** Lays a mail out as a page and as text. */
@Singleton
class MailLayout {
    private static final int COLUMNS = 72;

    /** The same content twice: a program that shows no HTML loses nothing. */
    MailBody lay(MailContent content) {
        return new MailBody(
                Templates.page(content).render(),
                Templates.text(content).setLocale(content.language()).render().strip() + "\n");
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

        /** Broken at spaces and beside ideographs, never within a word: an address stays in one piece. */
        static String wrapped(String text) {
            return wrapped(text, "");
        }

        /** As {@link #wrapped(String)}, with what follows the first line indented. */
        static String wrapped(String text, String indent) {
            StringBuilder lines = new StringBuilder();
            int column = indent.length();
            for (String word : text.split(" ", -1)) {
                String gap = " ";
                for (String piece : pieces(word)) {
                    boolean begun = column > indent.length();
                    if (begun && column + gap.length() + columns(piece) > COLUMNS) {
                        lines.append('\n').append(indent);
                        column = indent.length();
                    } else if (begun) {
                        lines.append(gap);
                        column += gap.length();
                    }
                    lines.append(piece);
                    column += columns(piece);
                    gap = "";
                }
            }
            return lines.toString();
        }

        /** The text with a line of its length under it. */
        static String underlined(String text, String character) {
            return text + "\n" + character.repeat(Math.min(COLUMNS, columns(text)));
        }

        /** Chinese has no spaces: a line may end beside each ideograph, but punctuation stays with what it belongs to. */
        private static List<String> pieces(String word) {
            List<String> pieces = new ArrayList<>();
            int begin = 0;
            for (int i = 1; i < word.length(); i++) {
                char before = word.charAt(i - 1);
                char after = word.charAt(i);
                if ((isWide(before) || isWide(after)) && !opens(before) && !closes(after)) {
                    pieces.add(word.substring(begin, i));
                    begin = i;
                }
            }
            pieces.add(word.substring(begin));
            return pieces;
        }

        private static int columns(String text) {
            return text.length() + (int) text.chars().filter(Columns::isWide).count();
        }

        // Ideographs, kana, and punctuation as wide as they: U+3000 to U+9FFF, and full-width forms.
        private static boolean isWide(int character) {
            return (character >= '\u3000' && character <= '\u9FFF') || (character >= '\uFF00' && character <= '\uFF60');
        }

        private static boolean opens(char character) {
            int type = Character.getType(character);
            return type == Character.START_PUNCTUATION || type == Character.INITIAL_QUOTE_PUNCTUATION;
        }

        private static boolean closes(char character) {
            int type = Character.getType(character);
            return type == Character.END_PUNCTUATION
                    || type == Character.FINAL_QUOTE_PUNCTUATION
                    || type == Character.OTHER_PUNCTUATION;
        }
    }
}
