package io.perennial.fetch.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscriptionReaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    200 | {"payload":{"subscriptionId":"7d5e","payloadVersion":"1.0","destinationId":"3c"}}    | STANDS
                    200 | {"payload":{}}                                                                         | UNKNOWN ANSWER_UNREADABLE
                    200 | {"payload":{"subscriptionId":7}}                                                       | UNKNOWN ANSWER_UNREADABLE
                    200 | <html>We are sorry</html>                                                              | UNKNOWN ANSWER_UNREADABLE
                    404 | {"errors":[{"code":"NotFound","message":"Subscription not found."}]}                   | MISSING
                    404 | <html>Not found</html>                                                                 | UNKNOWN ANSWER_UNREADABLE
                    404 | {"errors":[]}                                                                          | UNKNOWN ANSWER_UNREADABLE
                    429 | {"errors":[{"code":"QuotaExceeded","message":"..."}]}                                  | UNKNOWN THROTTLED
                    403 | {"errors":[{"code":"Unauthorized","message":"denied","details":""}]}                   | UNKNOWN ROLE_MISSING
                    403 | {"errors":[{"code":"Unauthorized","details":"The access token you provided has expired."}]} | UNKNOWN ACCESS_REFUSED
                    400 | {"errors":[{"code":"InvalidInput","message":"..."}]}                                   | UNKNOWN REQUEST_REFUSED
                    302 | ''                                                                                     | UNKNOWN ANSWER_UNREADABLE
                    503 | ''                                                                                     | UNKNOWN PROVIDER_UNAVAILABLE
                    """)
    void only_amazons_own_words_say_that_it_stands_or_is_missing(int status, String body, String means) {
        SubscriptionReply reply =
                SubscriptionReader.read(status, body.getBytes(StandardCharsets.UTF_8), OptionalDouble.empty());
        assertThat((reply.state() + " " + (reply.reason() == null ? "" : reply.reason())).strip())
                .isEqualTo(means);
    }
}
