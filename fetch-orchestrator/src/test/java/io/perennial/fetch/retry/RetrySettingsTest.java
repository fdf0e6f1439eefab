package io.perennial.fetch.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.Provider;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetrySettingsTest {
    @Test
    void each_provider_has_settings_of_its_own_and_the_rest_from_those_of_all() {
        RetryConfig config = config(Map.of(
                "perennial.retry.most-attempts", "7",
                "perennial.retry.amazon-ads.mode", "ANY",
                "perennial.retry.amazon-ads.most-attempts", "2",
                "perennial.retry.amazon-seller.statuses", "429,503",
                "perennial.retry.amazon-seller.multiply", "false"));
        assertThat(RetryStore.configured(config, Provider.AMAZON_ADS))
                .isEqualTo(new RetrySettings(RetryMode.ANY, List.of(429), 2, true));
        assertThat(RetryStore.configured(config, Provider.AMAZON_SELLER))
                .isEqualTo(new RetrySettings(RetryMode.STATUS_MATCHES, List.of(429, 503), 7, false));
        assertThat(RetryStore.configured(config, Provider.AMAZON_VENDOR))
                .isEqualTo(new RetrySettings(RetryMode.STATUS_MATCHES, List.of(429), 7, true));
    }

    /** No answer at all (0) is never theirs. */
    @ParameterizedTest
    @CsvSource({
        "NONE, 503, true, 0",
        "NONE, 400, true, 0",
        "NONE, 0, false, 0",
        "ANY, 503, true, 5",
        "ANY, 400, true, 5",
        "ANY, 0, false, 5",
        "STATUS_MATCHES, 503, false, 0",
        "STATUS_MATCHES, 400, false, 0",
        "STATUS_MATCHES, 429, true, 5"
    })
    void the_mode_says_which_answers_the_count_is_for(RetryMode mode, int status, boolean govern, int again) {
        RetrySettings settings = new RetrySettings(mode, List.of(429), 5, true);
        assertThat(settings.govern(status)).isEqualTo(govern);
        assertThat(settings.again(status, 1)).isEqualTo(again > 0);
        assertThat(settings.again(status, again + 1)).isFalse();
    }

    private static RetryConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 500))
                .withMapping(RetryConfig.class)
                .build()
                .getConfigMapping(RetryConfig.class);
    }
}
