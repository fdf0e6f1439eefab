package io.perennial.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.perennial.service.Mode;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeUtility;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignTextTest {
    private static final MailAddress ADDRESS =
            MailAddress.parse("reminders@perennial.example").orElseThrow();

    @Test
    void a_name_is_one_line_of_visible_characters() {
        assertThat(PlainText.name("  Shop\r\nBcc: x\tA\u0085B\u2028C\u0000 ")).isEqualTo("Shop Bcc: x A B C");
        assertThat(PlainText.name("a\u202Eexe.pdf\u2066x\u200Fy\uFEFF")).isEqualTo("aexe.pdfxy");
        assertThat(PlainText.name("\uD83D")).isEmpty();
        assertThat(PlainText.name(null)).isEmpty();
    }

    @Test
    void joined_emoji_and_other_scripts_stay() {
        assertThat(PlainText.name("👩‍🚀 Läden متجر 店")).isEqualTo("👩‍🚀 Läden متجر 店");
    }

    @Test
    void an_endless_name_is_cut_between_characters() {
        String name = PlainText.name("😀".repeat(5_000_000));
        assertThat(name.codePointCount(0, name.length())).isEqualTo(120);
        assertThat(name).endsWith("😀…");
    }

    @Test
    void the_first_usable_name_wins() {
        assertThat(PlainText.firstName(null, "\u202E", " ", "Shop", "other")).isEqualTo("Shop");
    }

    static Stream<String> names() {
        return Stream.of(
                "Shop",
                "Shop \"quoted\" \\ back",
                "Müller & Söhne",
                "=?UTF-8?Q?already?=",
                "Ein sehr langer Betreff mit Umlauten äöü und noch viel mehr Text, der umgebrochen werden muss 😀😀😀",
                "x".repeat(120));
    }

    @ParameterizedTest
    @MethodSource("names")
    void headers_are_ascii_in_short_lines_and_decode_to_what_was_meant(String name) throws Exception {
        String subject = HeaderText.unstructured(name);
        String mailbox = HeaderText.mailbox(name, ADDRESS);

        for (String header : new String[] {subject, mailbox}) {
            assertThat(header).matches("[\\x20-\\x7E\\r\\n]*");
            assertThat(header.split("\r\n")).allMatch(line -> line.length() <= 100);
            assertThat(header.replaceAll("\r\n ", "")).doesNotContain("\r").doesNotContain("\n");
        }
        assertThat(MimeUtility.decodeText(MimeUtility.unfold(subject))).isEqualTo(name);
        InternetAddress[] parsed = InternetAddress.parse(mailbox, true);
        assertThat(parsed).hasSize(1);
        assertThat(parsed[0].getAddress()).isEqualTo("reminders@perennial.example");
        assertThat(parsed[0].getPersonal()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({"#FFCC00, #ffcc00, #000000", "#003366, #003366, #ffffff", "#ffffff, #ffffff, #000000"})
    void text_on_the_brands_colour_can_be_read(String colour, String background, String text) {
        assertThat(BrandColours.of(colour)).isEqualTo(new BrandColours(background, text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"red", "#fff", "#12345g", "#123456;background:url(x)", "", "expression(1)"})
    void anything_else_is_no_colour(String colour) {
        assertThat(BrandColours.of(colour)).isEqualTo(BrandColours.of(null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "//evil.example",
                "https://user@evil.example",
                "https://a b.example",
                "https://x.example/\r\nBcc: y",
                "ftp://x.example",
                "data:text/html,x",
                "/connect/x",
                "https:x"
            })
    void anything_but_a_plain_web_address_is_no_link(String address) {
        assertThat(WebAddress.link(address)).isEmpty();
        assertThat(WebAddress.picture(address)).isEmpty();
    }

    @Test
    void pictures_come_over_https_only() {
        assertThat(WebAddress.link("http://localhost:8081/connect/x")).contains("http://localhost:8081/connect/x");
        assertThat(WebAddress.picture("http://cdn.example/logo.png")).isEmpty();
        assertThat(WebAddress.picture("https://cdn.example/logo.png")).contains("https://cdn.example/logo.png");
        assertThat(WebAddress.link("https://x.example/" + "y".repeat(600))).isEmpty();
    }

    @Test
    void production_does_not_start_with_an_example_sender() {
        SenderCheck.require("reminders@perennial.example", Mode.SANDBOX);
        SenderCheck.require("reminders@vendor.com", Mode.PRODUCTION);
        assertThatIllegalStateException()
                .isThrownBy(() -> SenderCheck.require("reminders@perennial.example", Mode.PRODUCTION));
        assertThatIllegalStateException().isThrownBy(() -> SenderCheck.require("nobody", Mode.SANDBOX));
    }
}
