package io.perennial.fetch.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.fetch.orders.ProviderAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListingReaderTest {
    private static final String PROFILE =
            """
            {"profileId":9007199254740993,"countryCode":"DE","currencyCode":"EUR","dailyBudget":250.50,
             "timezone":"Europe/Paris","accountInfo":{"marketplaceStringId":"A1PA6795UKMFR9","id":"A1EXAMPLE",
             "type":"seller","name":"Shop","validPaymentMethod":true}}
            """;

    @Test
    void an_id_beyond_2_to_the_53_keeps_every_digit() {
        AdProfile profile = listed("[" + PROFILE + "]").byId().get("9007199254740993");
        assertThat(profile.dailyBudget()).isEqualByComparingTo("250.5");
        assertThat(profile.validPaymentMethod()).isTrue();
        assertThat(profile.accountId()).isEqualTo("A1EXAMPLE");
    }

    @Test
    void an_empty_list_is_an_answer() {
        assertThat(listed("[]").byId()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>We are sorry</html>",
                "",
                "{}",
                "[{}]",
                "[{\"profileId\":9.007199254740993E15}]",
                "[{\"profileId\":\"9007199254740993\"}]",
                "[{\"profileId\":-1}]",
                "[{\"profileId\":12345678901234567890123456}]"
            })
    void a_list_that_is_none_or_whose_ids_lost_their_digits_is_no_answer(String body) {
        assertThat(read(200, body, null)).isEqualTo(new ProviderAnswer.Unavailable("ANSWER_UNREADABLE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-3", "\"250\"", "0.000000000000000000000000001"})
    void a_budget_that_is_none_is_left_out(String budget) {
        assertThat(listed("[" + PROFILE.replace("250.50", budget) + "]").byId().get("9007199254740993"))
                .extracting(AdProfile::dailyBudget)
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            textBlock =
                    """
                    2, 2
                    3600, 3600
                    -, -
                    0, -
                    -5, -
                    2.5, -
                    3601, -
                    99999999999999999999, -
                    soon, -
                    'Wed, 21 Oct 2026 07:28:00 GMT', -
                    """)
    void a_429_says_when_to_come_again_or_does_not(String header, Long seconds) {
        assertThat(read(429, "", header))
                .isEqualTo(new ProviderAnswer.Delayed(429, seconds == null ? null : Duration.ofSeconds(seconds)));
    }

    @Test
    void refusals_are_told_from_pages_of_a_proxy() {
        assertThat(read(401, "{\"code\":\"UNAUTHORIZED\"}", null))
                .isInstanceOf(ProviderAnswer.AccessTokenExpired.class);
        assertThat(read(400, "{\"code\":\"INVALID_ARGUMENT\"}", null))
                .isEqualTo(new ProviderAnswer.Refused("REQUEST_REFUSED", 400));
        assertThat(read(403, "<html>proxy</html>", null))
                .isEqualTo(new ProviderAnswer.Unavailable("ANSWER_UNREADABLE", 403));
        assertThat(read(503, "", null)).isEqualTo(new ProviderAnswer.Unavailable("PROVIDER_UNAVAILABLE", 503));
        assertThat(read(302, "", null)).isEqualTo(new ProviderAnswer.Unavailable("ANSWER_UNREADABLE"));
    }

    private static ListedProfiles listed(String body) {
        return (ListedProfiles) read(200, body, null);
    }

    private static ProviderAnswer read(int status, String body, String retryAfter) {
        return ListingReader.read(status, body.getBytes(StandardCharsets.UTF_8), retryAfter);
    }
}
