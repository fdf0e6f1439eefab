package io.perennial.merchants;

import io.perennial.launcher.LauncherException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a merchant finds in a mail. */
public final class Links {
    private static final Pattern LINK = Pattern.compile("http://localhost:\\d+/connect/[A-Za-z0-9_-]+");

    private Links() {}

    /** The one address that the text of a mail asks to open. */
    public static String in(String text) {
        Matcher matcher = LINK.matcher(text);
        if (!matcher.find()) {
            throw new LauncherException("a mail without a link: " + text);
        }
        return matcher.group();
    }
}
