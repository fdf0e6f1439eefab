package io.perennial.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.fetch.access.AuthConfig;
import io.perennial.fetch.backfill.BackfillConfig;
import io.perennial.fetch.erasure.ErasureConfig;
import io.perennial.fetch.orders.OrdersConfig;
import io.perennial.fetch.orders.SubscriptionsConfig;
import io.perennial.fetch.outage.OutageConfig;
import io.perennial.fetch.profiles.AdsConfig;
import io.perennial.fetch.quota.QuotaConfig;
import io.perennial.fetch.report.ReportsConfig;
import io.perennial.fetch.retry.RetryConfig;
import io.perennial.fetch.schedule.DailyConfig;
import io.perennial.fetch.watermark.GapConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every key of every capability: its default, and that it can be set under the documented name. */
class ConfigTest {
    private static final Pattern CAPITAL = Pattern.compile("([A-Z])");

    @ParameterizedTest
    @ValueSource(
            classes = {
                AdsConfig.class,
                AuthConfig.class,
                BackfillConfig.class,
                DailyConfig.class,
                ErasureConfig.class,
                GapConfig.class,
                OrdersConfig.class,
                OutageConfig.class,
                QuotaConfig.class,
                ReportsConfig.class,
                RetryConfig.class,
                SubscriptionsConfig.class
            })
    void every_key_has_a_default_and_can_be_set(Class<?> mapping) throws ReflectiveOperationException {
        Map<String, String> explicit = new HashMap<>();
        for (Method method : keys(mapping)) {
            explicit.put(key(mapping, method), other(method));
        }
        Object defaults = config(mapping, Map.of());
        Object set = config(mapping, explicit);
        for (Method method : keys(mapping)) {
            assertThat(method.getAnnotation(WithDefault.class))
                    .as(method.toString())
                    .isNotNull();
            assertThat(method.invoke(set)).as(method.toString()).isNotEqualTo(method.invoke(defaults));
        }
    }

    /** Groups of keys have none of their own. */
    private static List<Method> keys(Class<?> mapping) {
        return Arrays.stream(mapping.getDeclaredMethods())
                .filter(method -> method.getReturnType().getDeclaringClass() != mapping)
                .toList();
    }

    private static Object config(Class<?> mapping, Map<String, String> values) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "test", 500))
                .withMapping(mapping)
                .build();
        return config.getConfigMapping(mapping);
    }

    private static String key(Class<?> mapping, Method method) {
        String name = CAPITAL.matcher(method.getName()).replaceAll("-$1").toLowerCase(java.util.Locale.ROOT);
        return mapping.getAnnotation(ConfigMapping.class).prefix() + "." + name;
    }

    private static String other(Method method) {
        Class<?> type = method.getReturnType();
        if (type == Duration.class) {
            return "PT77S";
        }
        if (type == boolean.class) {
            return "false";
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0].toString();
        }
        if (type == double.class) {
            return "0.77";
        }
        return type == int.class || type == List.class ? "77" : "http://elsewhere.example";
    }
}
