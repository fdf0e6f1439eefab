package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.merchants.Links;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a merchant finds in a mail. */
final class Mail {
    private static final Pattern STOP = Pattern.compile("http://localhost:\\d+(/unsubscribe/[A-Za-z0-9_-]+)");

    private Mail() {}

    /** Path of the address by which the mail is stopped. */
    static String stop(JsonNode mail) {
        Matcher matcher = STOP.matcher(mail.get("text").asText());
        assertThat(matcher.find()).as(mail.get("text").asText()).isTrue();
        return matcher.group(1);
    }

    /** The one address that the mail asks to open. */
    static String link(JsonNode mail) {
        return Links.in(mail.get("text").asText());
    }
}
