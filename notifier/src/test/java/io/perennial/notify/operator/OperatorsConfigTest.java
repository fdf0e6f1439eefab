package io.perennial.notify.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperatorsConfigTest {
    @Test
    void nobody_is_mailed_unless_somebody_is_named() {
        assertThat(config(Map.of()).mail()).isEmpty();
        assertThat(config(Map.of("perennial.operators.mail", "")).mail()).isEmpty();
    }

    @Test
    void several_addresses_are_separated_by_commas() {
        assertThat(config(Map.of("perennial.operators.mail", "a@b.example,c@d.example"))
                        .mail())
                .contains(List.of("a@b.example", "c@d.example"));
    }

    private static OperatorsConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withMapping(OperatorsConfig.class)
                .build()
                .getConfigMapping(OperatorsConfig.class);
    }
}
