package io.perennial.auth.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.perennial.auth.authorization.page.Randomness;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Properties of what is read from a callback's query, tried with random ones; the repetition is the seed. */
class CallbackParametersTest {
    private static final int TRIES = 2_000;
    private static final String ODD = "&=%+;#?/\\\0\r\n\t <>\"'\u00e9\u2028\ud800abcXYZ019-_~.";

    @RepeatedTest(5)
    void a_query_of_distinct_names_is_read_as_it_was_written(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < TRIES; i++) {
            Map<String, String> written = parameters(random);
            CallbackParameters read = CallbackParameters.read(query(written, random));
            assertThat(read).as("%s", written).isNotNull();
            written.forEach((name, value) -> assertThat(read.get(name)).isEqualTo(value));
            assertThat(read.get("absent")).isEmpty();
        }
    }

    @RepeatedTest(5)
    void a_name_that_comes_twice_spoils_the_whole_query(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < TRIES; i++) {
            Map<String, String> written = parameters(random);
            List<String> names = new ArrayList<>(written.keySet());
            String again = names.get(random.nextInt(names.size()));
            // Also when the second one is written differently.
            String disguised = random.nextBoolean() ? encoded(again) : everyByteEncoded(again);
            assertThat(CallbackParameters.read(query(written, random) + "&" + disguised + "=x"))
                    .as("%s twice", again)
                    .isNull();
        }
    }

    @RepeatedTest(5)
    void whatever_comes_is_read_or_refused_and_never_fails(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < TRIES; i++) {
            String query = text(random, ODD, 200);
            assertThatCode(() -> CallbackParameters.read(query)).as(query).doesNotThrowAnyException();
            CallbackParameters read = CallbackParameters.read(query);
            if (read != null) {
                assertThat(read.get("state")).doesNotContain("\0").doesNotContain("\ufffd");
            }
        }
    }

    @Test
    void too_much_is_refused() {
        assertThat(CallbackParameters.read("state=" + "x".repeat(4_097))).isNull();
        assertThat(CallbackParameters.read("state=" + "x".repeat(4_096))).isNotNull();
        assertThat(CallbackParameters.read("x=".repeat(1_000_000))).isNull();
        String many = IntStream.range(0, 21).mapToObj(n -> "p" + n + "=").collect(Collectors.joining("&"));
        assertThat(CallbackParameters.read(many)).isNull();
    }

    @RepeatedTest(3)
    void only_what_we_made_looks_like_a_state_of_ours(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        String ours = new Randomness().text();
        assertThat(Randomness.wellFormed(ours)).isTrue();
        for (int i = 0; i < TRIES; i++) {
            int cut = random.nextInt(ours.length());
            assertThat(Randomness.wellFormed(ours.substring(0, cut))).isFalse();
            String inserted = ours.substring(0, cut) + ODD.charAt(random.nextInt(ODD.length())) + ours.substring(cut);
            assertThat(Randomness.wellFormed(inserted))
                    .as("one character too many")
                    .isFalse();
        }
        assertThat(Randomness.wellFormed(ours + "\n")).isFalse();
        assertThat(Randomness.wellFormed(ours.substring(1) + "\uff10"))
                .as("a digit of another script")
                .isFalse();
    }

    private static Map<String, String> parameters(Random random) {
        Map<String, String> parameters = new LinkedHashMap<>();
        int count = 1 + random.nextInt(8);
        while (parameters.size() < count) {
            // What can not be written in UTF-8 or ends a C string is refused as a whole; see the third property.
            String name = "n" + text(random, "abc&=%+;# \u00e9", 6);
            parameters.put(name, text(random, "abc&=%+;#?/\\\r\n <>\"'\u00e9\u2028", 40));
        }
        return parameters;
    }

    private static String query(Map<String, String> parameters, Random random) {
        return parameters.entrySet().stream()
                .map(entry -> (random.nextBoolean() ? encoded(entry.getKey()) : everyByteEncoded(entry.getKey())) + "="
                        + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String text(Random random, String alphabet, int longest) {
        int length = random.nextInt(longest + 1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String everyByteEncoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            encoded.append(String.format("%%%02x", one));
        }
        return encoded.toString();
    }
}
