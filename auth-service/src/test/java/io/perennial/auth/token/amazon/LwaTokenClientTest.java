package io.perennial.auth.token.amazon;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.token.amazon.ProviderHttp.Answer;
import io.perennial.auth.token.amazon.TokenAnswer.ConsentGone;
import io.perennial.auth.token.amazon.TokenAnswer.Fault;
import io.perennial.auth.token.amazon.TokenAnswer.Granted;
import io.perennial.auth.token.amazon.TokenAnswer.PlatformFault;
import io.perennial.secret.RefreshToken;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LwaTokenClientTest {
    private static final RefreshToken FORMER = new RefreshToken("Atzr|former");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | application/json | {\"error\":\"invalid_client\"} | CLIENT_REFUSED",
                "400 | application/json | {\"error\":\"unauthorized_client\"} | REQUEST_REFUSED",
                "400 | application/json | {\"error\":\"invalid_request\"} | REQUEST_REFUSED",
                "400 | application/json | {\"error\":\"unsupported_grant_type\"} | REQUEST_REFUSED",
                "400 | application/json | {\"error\":\"server_error\"} | PROVIDER_BROKEN",
                "400 | application/json | {\"error\":7} | REQUEST_REFUSED",
                "400 | text/html | <html>invalid_grant</html> | PROVIDER_BROKEN",
                "429 | application/json | {\"error\":\"invalid_grant\"} | THROTTLED",
                "500 | application/json | {\"error\":\"invalid_grant\"} | PROVIDER_BROKEN",
                "200 | text/html | <html></html> | PROVIDER_BROKEN",
                "200 | application/json | not json | PROVIDER_BROKEN",
                "200 | application/json | [] | PROVIDER_BROKEN",
                "200 | application/json | {\"refresh_token\":\"Atzr\"} | PROVIDER_BROKEN"
            },
            quoteCharacter = '~')
    void an_answer_that_says_nothing_about_the_consent_is_a_platform_fault(
            int status, String mediaType, String body, Fault fault) {
        assertThat(LwaTokenClient.read(answer(status, mediaType, body), FORMER)).isEqualTo(new PlatformFault(fault));
    }

    @Test
    void invalid_grant_is_a_value() {
        assertThat(LwaTokenClient.read(
                        answer(400, "application/json;charset=UTF-8", "{\"error\":\"invalid_grant\"}"), FORMER))
                .isEqualTo(new ConsentGone());
    }

    @Test
    void an_exchange_without_a_refresh_token_is_no_grant() {
        assertThat(LwaTokenClient.read(
                        answer(200, "application/json", "{\"access_token\":\"Atza|x\",\"expires_in\":3600}"), null))
                .isEqualTo(new PlatformFault(Fault.PROVIDER_BROKEN));
    }

    @Test
    void a_refresh_keeps_the_former_refresh_token_when_none_comes() {
        Granted granted = (Granted) LwaTokenClient.read(
                answer(200, "application/json", "{\"access_token\":\"Atza|x\",\"expires_in\":3600}"), FORMER);
        assertThat(granted.tokens().refreshToken()).isEqualTo(FORMER);
        assertThat(granted.tokens().accessLife()).isEqualTo(Duration.ofHours(1));
        assertThat(granted.toString()).doesNotContain("Atz");
    }

    private static Answer answer(int status, String mediaType, String body) {
        return new Answer(status, mediaType, Buffer.buffer(body));
    }
}
