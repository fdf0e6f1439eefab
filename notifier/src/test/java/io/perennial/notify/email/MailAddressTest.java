package io.perennial.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {
    @ParameterizedTest
    @CsvSource({
        "maria@merchant.example, maria@merchant.example",
        "o'neil+amazon@Merchant.Example, o'neil+amazon@merchant.example",
        "a.b_c-d@sub.merchant.co.uk, a.b_c-d@sub.merchant.co.uk",
        "info@müller.example, info@xn--mller-kva.example"
    })
    void one_mailbox_is_taken(String text, String wire) {
        assertThat(MailAddress.parse(text))
                .hasValueSatisfying(address -> assertThat(address.wire()).isEqualTo(wire));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "maria",
                "maria@",
                "@merchant.example",
                "maria@localhost",
                "maria@127.0.0.1",
                "maria@[127.0.0.1]",
                "maria@merchant..example",
                "maria@-merchant.example",
                ".maria@merchant.example",
                "maria.@merchant.example",
                "ma..ria@merchant.example",
                "maria@merchant.example\r\nBcc: x@y.example",
                "maria@merchant.example\n",
                "\nmaria@merchant.example",
                "maria\u2028@merchant.example",
                "maria@merchant.example\u0000",
                "maria%0d%0aRCPT@merchant.example",
                "maria%victim.example@merchant.example",
                "\"a\\r\\nRCPT TO:<x>\"@merchant.example",
                "<a@merchant.example>b@other.example",
                "Maria <maria@merchant.example>",
                "maria@merchant.example (Maria)",
                "maria(comment)@merchant.example",
                "=?UTF-8?Q?maria?= @merchant.example",
                "maria@merchant.example,other@merchant.example",
                "maria@merchant.example;other@merchant.example",
                "maria@merchant.example other@merchant.example",
                "@relay.example:maria@merchant.example",
                "märia@merchant.example",
                "maria@merchant.example."
            })
    void everything_else_is_refused(String text) {
        assertThat(MailAddress.parse(text)).isEmpty();
    }

    @Test
    void lengths_are_those_of_the_protocol() {
        assertThat(MailAddress.parse("a".repeat(64) + "@merchant.example")).isPresent();
        assertThat(MailAddress.parse("a".repeat(65) + "@merchant.example")).isEmpty();
        assertThat(MailAddress.parse("a@" + "b.".repeat(125) + "example")).isEmpty();
        assertThat(MailAddress.parse(null)).isEmpty();
    }

    @Test
    void it_does_not_print_itself() {
        assertThat(MailAddress.parse("maria@merchant.example").orElseThrow().toString())
                .doesNotContain("maria")
                .doesNotContain("merchant");
    }
}
