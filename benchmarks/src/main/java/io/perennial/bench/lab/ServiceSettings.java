package io.perennial.bench.lab;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Settings as a service has them when nobody sets any, for its code in the process of a benchmark. */
public final class ServiceSettings {
    private ServiceSettings() {}

    /** @param deviations from the defaults, by property */
    public static <T> T of(Class<T> mapping, Map<String, String> deviations) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(deviations, "benchmark", 1000))
                .withDefaultValue("quarkus.application.name", "benchmark")
                .withMapping(mapping)
                .build()
                .getConfigMapping(mapping);
    }
}
