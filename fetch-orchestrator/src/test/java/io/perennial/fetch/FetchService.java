package io.perennial.fetch;

import io.perennial.launcher.process.LoopbackPort;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;

/** Beside {@code @WithPerennial(database = "fetch", sandbox = true)}: settings that all service tests share. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@WithTestResource(FetchService.Settings.class)
public @interface FetchService {

    /** Small pages, so that few orders make many; and no daily fetch, unless a test plans it. */
    final class Settings implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.of(
                    "perennial.auth.url",
                    "http://127.0.0.1:" + LoopbackPort.free(),
                    "perennial.orders.page-size",
                    "10",
                    "perennial.orders.timeout",
                    "PT5S",
                    "perennial.backfill.most-empty-pages",
                    "5",
                    "perennial.backfill.lease-duration",
                    "PT2S",
                    "perennial.daily.enabled",
                    "false");
        }

        @Override
        public void stop() {}
    }
}
