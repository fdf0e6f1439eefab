package io.perennial.notify.email;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Text as header values: encoded words of RFC 2047 where plain ASCII does not do, folded lines with CRLF. */
final class HeaderText {
    // 75 is the limit of an encoded word; 12 are its frame. 45 bytes make 60 characters of base64.
    private static final int BYTES_PER_WORD = 45;
    private static final int MAX_PLAIN = 60;
    private static final Pattern PLAIN = Pattern.compile("[\\x20-\\x7E]*");

    private HeaderText() {}

    /** For an unstructured header, as {@code Subject}. */
    static String unstructured(String text) {
        boolean plain = PLAIN.matcher(text).matches() && text.length() <= MAX_PLAIN && !text.contains("=?");
        return plain ? text : encodedWords(text);
    }

    /** A mailbox with a display name, as {@code From}. */
    static String mailbox(String name, MailAddress address) {
        if (name.isEmpty()) {
            return address.wire();
        }
        boolean plain = PLAIN.matcher(name).matches() && name.length() <= MAX_PLAIN && !name.contains("=?");
        String phrase =
                plain ? '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"' : encodedWords(name) + "\r\n";
        return phrase + " <" + address.wire() + ">";
    }

    private static String encodedWords(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            String character = Character.toString(text.codePointAt(i));
            int length = character.getBytes(StandardCharsets.UTF_8).length;
            if (bytes + length > BYTES_PER_WORD) {
                words.add(encodedWord(word.toString()));
                word.setLength(0);
                bytes = 0;
            }
            word.append(character);
            bytes += length;
            i += character.length();
        }
        words.add(encodedWord(word.toString()));
        return String.join("\r\n ", words);
    }

    private static String encodedWord(String text) {
        return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }
}
