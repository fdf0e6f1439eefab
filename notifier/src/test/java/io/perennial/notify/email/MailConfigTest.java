package io.perennial.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MailConfigTest {
    @Test
    void defaults() {
        MailConfig config = config(Map.of());
        assertThat(config.senderAddress()).isEqualTo("reminders@perennial.example");
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void every_key_can_be_set() {
        MailConfig config =
                config(Map.of("perennial.mail.sender-address", "a@b.example", "perennial.mail.timeout", "PT1S"));
        assertThat(config.senderAddress()).isEqualTo("a@b.example");
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(1));
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
