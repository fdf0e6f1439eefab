package io.perennial.auth.request;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.problem.ProblemException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://shop.example",
                "//evil.example",
                "https:evil.example",
                "/\\evil.example",
                "javascript:alert(1)",
                "https://user@evil.example",
                "https://evil.example/#x",
                "https://evil.example/\tx",
                "https://evil.example\\@shop.example",
                "https://ev\u0456l.example",
                "file:///etc/passwd",
                "gopher://evil.example",
                ""
            })
    void an_address_that_is_not_plain_https_is_refused(String url) {
        Fields fields = new Fields();
        fields.optionalUrl("url", url, false);
        assertThatThrownBy(fields::verify).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8090/x", "http://localhost:8081/oauth/amazon/callback"})
    void a_loopback_address_is_for_the_sandbox_alone(String url) {
        Fields sandbox = new Fields();
        sandbox.optionalUrl("url", url, true);
        assertThatCode(sandbox::verify).doesNotThrowAnyException();
        Fields production = new Fields();
        production.optionalUrl("url", url, false);
        assertThatThrownBy(production::verify).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "en-GB", "zh-Hans", "zh-Hant-TW"})
    void a_language_may_name_its_script_and_country(String tag) {
        Fields fields = new Fields();
        fields.optionalLocale("locale", tag);
        assertThatCode(fields::verify).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "DE", "de_AT", "zh-hans", "de-", "de-AT-", "deu-DEU", "de-AT\n"})
    void what_is_no_language_is_refused(String tag) {
        Fields fields = new Fields();
        fields.optionalLocale("locale", tag);
        assertThatThrownBy(fields::verify).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a\nb", "a\rb", "a\u0000b", "a\u202eb", "a\u2028b", "a\u2066b"})
    void a_line_has_no_control_or_direction_characters(String text) {
        Fields fields = new Fields();
        fields.line("name", text, 100);
        assertThatThrownBy(fields::verify).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a@b.example", "first.last+tag@sub.domain.example", "o'neil@b.example", "x@b\u00fccher.example"})
    void plain_mailboxes_are_taken(String address) {
        Fields fields = new Fields();
        fields.optionalMailbox("email", address);
        assertThatCode(fields::verify).doesNotThrowAnyException();
    }
}
