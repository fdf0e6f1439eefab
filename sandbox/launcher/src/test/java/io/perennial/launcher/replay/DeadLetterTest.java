package io.perennial.launcher.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterTest {
    private final ConsumerRecord<byte[], byte[]> record =
            new ConsumerRecord<>("t.c.dlq", 0, 7, bytes("key"), bytes("{\"customer\": \"Jane Roe\"}"));

    @Test
    void a_letter_tells_where_it_stood_and_why_it_was_put_aside_but_not_what_it_says() {
        header("dead-letter-topic", "perennial.expiry.v1");
        header("dead-letter-partition", "3");
        header("dead-letter-offset", "17");
        header("dead-letter-reason", "NEGATIVE_COUNT");
        header("ce_type", "io.perennial.TokenExpiring.v1");
        header("ce_subject", "0199");

        DeadLetter letter = DeadLetter.of(record);

        assertThat(letter)
                .isEqualTo(new DeadLetter(
                        "perennial.expiry.v1-3@17", "NEGATIVE_COUNT", "io.perennial.TokenExpiring.v1", "0199"));
        assertThat(letter.toString()).doesNotContain("Jane");
    }

    @Test
    void headers_that_are_poison_themselves_do_no_harm_to_a_terminal() {
        header("ce_type", "\u001b[2J\u0007gone");
        header("ce_subject", "x".repeat(10_000));
        record.headers().add("dead-letter-reason", null);

        DeadLetter letter = DeadLetter.of(record);

        assertThat(letter.type()).isEqualTo("?[2J?gone");
        assertThat(letter.connectionId()).hasSizeLessThan(200);
        assertThat(letter.reason()).isEqualTo("-");
        assertThat(letter.position()).isEqualTo("---@-");
    }

    private void header(String name, String value) {
        record.headers().add(name, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
