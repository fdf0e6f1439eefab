package io.perennial.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.launcher.LauncherException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "335d, P335D",
        "12h, PT12H",
        "90m, PT90M",
        "30s, PT30S",
        "2w, P14D",
        "1w2d, P9D",
        "1d12h, PT36H",
        "7D, P7D",
        "P7D, P7D",
        "PT8040H, PT8040H",
        "pt5m, PT5M"
    })
    void people_and_iso_durations_are_understood(String text, Duration expected) {
        assertThat(DurationText.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "d", "soon", "0d", "PT0S", "-1d", "P-1D", "12", "1y", "12h1d", "99999999999999d"})
    void anything_else_is_refused_with_examples(String text) {
        assertThatThrownBy(() -> DurationText.parse(text))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("335d");
    }
}
