package io.perennial.bench.mail;

/** What peers send: as long as a mail of ours. */
final class Letterhead {
    static final String SENDER = "reminders@perennial.example";
    static final String SUBJECT = "Your connection with Listing Sync has ended";

    /** The text part of ours and its page. */
    static final int TEXT_BYTES = 1_300;

    static final int HTML_BYTES = 7_000;

    private Letterhead() {}

    static String recipient(long number) {
        return "shop-" + number + "@merchant.example";
    }

    static String text() {
        return lines("Please renew the authorization of your shop before it ends. ", TEXT_BYTES);
    }

    static String html() {
        return "<html><body>" + lines("<p>Please renew the authorization of your shop.</p>", HTML_BYTES)
                + "</body></html>";
    }

    private static String lines(String line, int bytes) {
        return (line + "\r\n").repeat(bytes / (line.length() + 2) + 1);
    }
}
