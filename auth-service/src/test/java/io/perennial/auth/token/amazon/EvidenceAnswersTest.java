package io.perennial.auth.token.amazon;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.token.amazon.ProviderHttp.Answer;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the provider's API says about a token, in the forms that were seen on the wire. */
class EvidenceAnswersTest {
    private static final String ORDER = "302-1234567-1234567";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200|{\"order\":{\"orderId\":\"302-1234567-1234567\"}}|Readable",
                "200|{\"order\":{\"orderId\":\"302-0000000-0000000\"}}|Unknown",
                "200|{\"order\":[]}|Unknown",
                "200|{}|Unknown",
                "200|not json|Unknown",
                "404|{\"errors\":[{\"code\":\"NotFound\",\"message\":\"x\"}]}|Missing",
                "403|{\"errors\":[{\"code\":\"Unauthorized\",\"message\":\"x\",\"details\":\"\"}]}|Denied",
                "403|{\"errors\":[{\"code\":\"Unauthorized\",\"message\":\"x\"}]}|Denied",
                "403|{\"errors\":[{\"code\":\"Unauthorized\",\"details\":\"The security token included in the request is expired\"}]}|Unknown",
                "403|{\"errors\":[{\"code\":\"Unauthorized\",\"details\":\"The LWA secret token you provided has expired.\"}]}|Unknown",
                "403|{\"errors\":\"x\"}|Unknown",
                "403|{}|Unknown",
                "429|{\"errors\":[{\"code\":\"QuotaExceeded\"}]}|Unknown",
                "500|{\"errors\":[{\"code\":\"InternalFailure\"}]}|Unknown"
            })
    void only_a_clear_answer_is_a_verdict_on_an_order(int status, String body, String sight) {
        OrderSight read = OrdersClient.read(new Answer(status, "application/json", Buffer.buffer(body)), ORDER);
        assertThat(read.getClass().getSimpleName()).isEqualTo(sight);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403|{\"errors\":[{\"code\":\"Unauthorized\",\"details\":\"\"}]}|Denied",
                "403|{\"errors\":[{\"code\":\"Unauthorized\",\"details\":\"The access token you provided has expired.\"}]}|Unknown",
                "403|<html>|Unknown",
                "200|{\"payload\":[]}|Known",
                "200|{\"payload\":{}}|Unknown",
                "200|[]|Unknown",
                "500|{}|Unknown"
            })
    void only_a_clear_answer_is_a_verdict_on_a_store(int status, String body, String participation) {
        Participation read = SellersClient.read(new Answer(status, "application/json", Buffer.buffer(body)));
        assertThat(read.getClass().getSimpleName()).isEqualTo(participation);
    }

    @ParameterizedTest
    @CsvSource({"200", "403", "404"})
    void a_page_instead_of_json_is_no_verdict(int status) {
        Answer page = new Answer(status, "text/html", Buffer.buffer("<html>"));
        assertThat(OrdersClient.read(page, ORDER)).isInstanceOf(OrderSight.Unknown.class);
        assertThat(SellersClient.read(page)).isInstanceOf(Participation.Unknown.class);
    }

    @Test
    void a_name_of_any_length_fits_into_an_event() {
        String known = "{\"payload\":[{\"storeName\":\"%s\",\"marketplace\":{\"id\":\"A1PA6795UKMFR9\"},"
                + "\"participation\":{\"isParticipating\":true}}]}";
        String body = known.formatted("x".repeat(199) + "\uD83D\uDE00".repeat(2_000));
        Participation read = SellersClient.read(new Answer(200, "application/json", Buffer.buffer(body)));
        assertThat(read).isEqualTo(new Participation.Known("x".repeat(199), List.of("A1PA6795UKMFR9")));
    }
}
