package io.perennial.launcher.replay;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What may be told of a dead letter: where it stood, why it was put aside, and the CloudEvents attributes that it claims.
 * Never its payload, which may be anything. What a header does not say is {@code -}.
 *
 * @param position topic, partition and offset at which its consumer met it
 */
public record DeadLetter(String position, String reason, String type, String connectionId) {
    /** Begins the headers that were added when the record was put aside. */
    private static final String ADDED = "dead-letter-";

    private static final int LONGEST = 120;

    static DeadLetter of(ConsumerRecord<byte[], byte[]> letter) {
        return new DeadLetter(
                text(letter, ADDED + "topic") + "-" + text(letter, ADDED + "partition") + "@"
                        + text(letter, ADDED + "offset"),
                text(letter, ADDED + "reason"),
                text(letter, "ce_type"),
                text(letter, "ce_subject"));
    }

    static boolean isAdded(Header header) {
        return header.key().startsWith(ADDED);
    }

    /** A poison record's header may be anything too: one short line that no terminal takes for a command. */
    private static String text(ConsumerRecord<byte[], byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        if (header == null || header.value() == null || header.value().length == 0) {
            return "-";
        }
        String text = new String(header.value(), StandardCharsets.UTF_8).replaceAll("\\p{C}", "?");
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }
}
