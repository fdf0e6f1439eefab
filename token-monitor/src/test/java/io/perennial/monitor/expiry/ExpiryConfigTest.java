package io.perennial.monitor.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpiryConfigTest {
    @Test
    void defaults() {
        ExpiryConfig config = config(Map.of());

        assertThat(config.enabled()).isTrue();
        assertThat(config.interval()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.smallestBatch()).isEqualTo(1_000);
        assertThat(config.largestBatch()).isEqualTo(5_000);
        assertThat(config.longestPause()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.tracedShare()).isZero();
    }

    @Test
    void every_key_set() {
        ExpiryConfig config = config(Map.of(
                "perennial.expiry.enabled", "false",
                "perennial.expiry.interval", "PT2S",
                "perennial.expiry.smallest-batch", "10",
                "perennial.expiry.largest-batch", "20",
                "perennial.expiry.longest-pause", "PT1M",
                "perennial.expiry.traced-share", "0.25"));

        assertThat(config.enabled()).isFalse();
        assertThat(config.interval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.smallestBatch()).isEqualTo(10);
        assertThat(config.largestBatch()).isEqualTo(20);
        assertThat(config.longestPause()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.tracedShare()).isEqualTo(0.25);
    }

    @Test
    void the_share_of_traces_is_that_of_the_house() {
        assertThat(config(Map.of("perennial.tracing.ratio", "0.1")).tracedShare())
                .isEqualTo(0.1);
    }

    private static ExpiryConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withMapping(ExpiryConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(ExpiryConfig.class);
    }
}
