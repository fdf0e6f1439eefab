package io.perennial.notify.links;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinksConfigTest {
    @Test
    void defaults() {
        LinksConfig config = config(Map.of());
        assertThat(config.url()).isEqualTo(URI.create("http://localhost:8081"));
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void every_key_can_be_set() {
        LinksConfig config = config(Map.of("perennial.auth.url", "http://auth:1", "perennial.auth.timeout", "PT1S"));
        assertThat(config.url()).isEqualTo(URI.create("http://auth:1"));
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(1));
    }

    private static LinksConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withMapping(LinksConfig.class)
                .build()
                .getConfigMapping(LinksConfig.class);
    }
}
