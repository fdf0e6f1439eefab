package io.perennial.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MailConfigTest {
    @Test
    void defaults() {
        MailConfig config = config(Map.of());
        assertThat(config.senderAddress()).isEqualTo("reminders@perennial.example");
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.morning()).isEqualTo(LocalTime.of(9, 0));
        assertThat(config.settle()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void every_key_can_be_set() {
        MailConfig config = config(Map.of(
                "perennial.mail.sender-address", "a@b.example",
                "perennial.mail.timeout", "PT1S",
                "perennial.mail.morning", "08:30",
                "perennial.mail.settle", "PT2S"));
        assertThat(config.senderAddress()).isEqualTo("a@b.example");
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.morning()).isEqualTo(LocalTime.of(8, 30));
        assertThat(config.settle()).isEqualTo(Duration.ofSeconds(2));
    }

    private static MailConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withMapping(MailConfig.class)
                .build()
                .getConfigMapping(MailConfig.class);
    }
}
