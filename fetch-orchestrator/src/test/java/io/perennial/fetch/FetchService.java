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

    /** Small pages and portions, so that few orders and connections make many; patience that a test can wait for; no daily fetch, unless a test plans it. */
    final class Settings implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.ofEntries(
                    Map.entry("perennial.auth.url", "http://127.0.0.1:" + LoopbackPort.free()),
                    Map.entry("perennial.quota.share", "1"),
                    Map.entry("perennial.orders.page-size", "10"),
                    Map.entry("perennial.orders.timeout", "PT5S"),
                    Map.entry("perennial.ads.timeout", "PT5S"),
                    Map.entry("perennial.backfill.poll-interval", "PT0.1S"),
                    Map.entry("perennial.backfill.part-pages", "12"),
                    Map.entry("perennial.backfill.most-attempts", "6"),
                    Map.entry("perennial.backfill.most-empty-pages", "5"),
                    Map.entry("perennial.backfill.most-connections", "8"),
                    Map.entry("perennial.backfill.portion", "4"),
                    Map.entry("perennial.backfill.lease-duration", "PT2S"),
                    Map.entry("perennial.erasure.batch", "7"),
                    Map.entry("perennial.erasure.longest-batch", "PT5S"),
                    Map.entry("perennial.erasure.tick", "PT0.2S"),
                    Map.entry("perennial.subscriptions.timeout", "PT1S"),
                    Map.entry("perennial.outage.failures", "4"),
                    Map.entry("perennial.daily.enabled", "false"));
        }

        @Override
        public void stop() {}
    }
}
