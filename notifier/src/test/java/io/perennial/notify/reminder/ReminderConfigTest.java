package io.perennial.notify.reminder;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReminderConfigTest {
    @Test
    void the_defaults_fit_together() {
        ReminderConfig config = config(Map.of());

        assertThat(config.batchSize()).isEqualTo(40);
        assertThat(config.parallelMails()).isEqualTo(8);
        assertThat(config.claim()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.lease()).isEqualTo(Duration.ofMinutes(2)).isGreaterThan(config.leaseReserve());
        assertThat(config.leaseReserve()).isEqualTo(Duration.ofSeconds(75));
        assertThat(config.pollInterval()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.perSecond()).isEqualTo(50);
        assertThat(config.burst()).isEqualTo(100);
        assertThat(config.linkPause()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.delivering()).isTrue();
    }

    @Test
    void every_key_can_be_set() {
        ReminderConfig config = config(Map.of(
                "perennial.reminders.per-second", "0.5",
                "perennial.reminders.burst", "3",
                "perennial.reminders.batch-size", "1",
                "perennial.reminders.parallel-mails", "2",
                "perennial.reminders.claim", "PT3S",
                "perennial.reminders.lease", "PT4S",
                "perennial.reminders.lease-reserve", "PT2S",
                "perennial.reminders.poll-interval", "PT6S",
                "perennial.reminders.link-pause", "PT7S",
                "perennial.reminders.delivering", "false"));

        assertThat(config.perSecond()).isEqualTo(0.5);
        assertThat(config.burst()).isEqualTo(3);
        assertThat(config.batchSize()).isEqualTo(1);
        assertThat(config.parallelMails()).isEqualTo(2);
        assertThat(config.claim()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.lease()).isEqualTo(Duration.ofSeconds(4));
        assertThat(config.leaseReserve()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.pollInterval()).isEqualTo(Duration.ofSeconds(6));
        assertThat(config.linkPause()).isEqualTo(Duration.ofSeconds(7));
        assertThat(config.delivering()).isFalse();
    }

    private static ReminderConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withMapping(ReminderConfig.class)
                .build()
                .getConfigMapping(ReminderConfig.class);
    }
}
