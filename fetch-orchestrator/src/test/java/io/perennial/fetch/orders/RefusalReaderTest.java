package io.perennial.fetch.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalReaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    The access token you provided has expired.                        | AccessTokenExpired | -
                    The access token you provided is revoked, malformed or invalid.   | AccessRefused      | -
                    The LWA secret token you provided has expired.                    | Unavailable        | PROVIDER_FAULT
                    The marketplaces you provided are not valid for region.           | Refused            | WRONG_REGION
                    The security token included in the request is expired             | Unavailable        | PROVIDER_FAULT
                    ''                                                                | Refused            | ROLE_MISSING
                    Access token is missing in the request header.                    | Refused            | REQUEST_REFUSED
                    """)
    void the_details_of_a_403_decide_what_it_means(String details, String kind, String code) {
        ProviderAnswer answer = read(
                403,
                """
                {"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":"%s"}]}
                """
                        .formatted(details),
                false);
        assertThat(answer.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(answer.toString()).contains(code == null ? "" : code);
    }

    @ParameterizedTest
    @CsvSource({
        "400, true, PageTokenRefused[]",
        "400, false, 'Refused[code=REQUEST_REFUSED, status=400]'",
        "404, false, 'Refused[code=REQUEST_REFUSED, status=404]'",
        "413, false, 'Refused[code=REQUEST_REFUSED, status=413]'",
        "429, true, Throttled[]",
        "500, true, 'Unavailable[code=PROVIDER_UNAVAILABLE, status=500]'",
        "503, false, 'Unavailable[code=PROVIDER_UNAVAILABLE, status=503]'"
    })
    void every_status_has_one_meaning(int status, boolean withPageToken, String meaning) {
        assertThat(read(status, "{\"errors\":[{\"code\":\"X\",\"message\":\"no\"}]}", withPageToken))
                .hasToString(meaning);
    }

    @Test
    void a_window_that_ends_too_late_is_recognised() {
        assertThat(read(
                        400,
                        "{\"errors\":[{\"code\":\"InvalidInput\",\"message\":\"must be 2 minutes before now\"}]}",
                        false))
                .isInstanceOf(ProviderAnswer.WindowTooYoung.class);
    }

    @ParameterizedTest
    @CsvSource({"400, 400", "403, 403", "302, 0"})
    void an_answer_without_amazons_envelope_is_no_verdict(int status, int told) {
        assertThat(read(status, "<html>proxy</html>", true))
                .isEqualTo(new ProviderAnswer.Unavailable("ANSWER_UNREADABLE", told));
    }

    private static ProviderAnswer read(int status, String body, boolean withPageToken) {
        return RefusalReader.read(status, body.getBytes(StandardCharsets.UTF_8), withPageToken);
    }
}
