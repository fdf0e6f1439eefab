package io.perennial.fetch.retry;

import static java.time.ZoneOffset.UTC;

import io.perennial.contracts.Provider;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The settings of each provider: what was set by request, otherwise the configuration's. */
@ApplicationScoped
public class RetryStore {
    private static final String ALL = "select provider, mode, statuses, most_attempts, multiply from retry_setting";
    private static final String SET =
            """
            insert into retry_setting (provider, mode, statuses, most_attempts, multiply, changed_by, changed_at)
            values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (provider) do update
            set mode = excluded.mode, statuses = excluded.statuses, most_attempts = excluded.most_attempts,
                multiply = excluded.multiply, changed_by = excluded.changed_by, changed_at = excluded.changed_at
            """;

    private final Pool pool;
    private final RetryConfig config;

    RetryStore(Pool pool, RetryConfig config) {
        this.pool = pool;
        this.config = config;
    }

    public Uni<RetrySettings> of(Provider provider) {
        return all().map(settings -> settings.getOrDefault(provider, configured(config, provider)));
    }

    static RetrySettings configured(RetryConfig config, Provider provider) {
        RetryConfig.OfProvider own =
                switch (provider) {
                    case AMAZON_SELLER -> config.amazonSeller();
                    case AMAZON_VENDOR -> config.amazonVendor();
                    case AMAZON_ADS -> config.amazonAds();
                };
        return new RetrySettings(
                own.mode().orElse(config.mode()),
                own.statuses().orElse(config.statuses()),
                own.mostAttempts().orElse(config.mostAttempts()),
                own.multiply().orElse(config.multiply()));
    }

    /** Of every provider. */
    Uni<Map<Provider, RetrySettings>> all() {
        return pool.preparedQuery(ALL).execute().map(rows -> {
            Map<Provider, RetrySettings> settings = new EnumMap<>(Provider.class);
            for (Provider provider : Provider.values()) {
                settings.put(provider, configured(config, provider));
            }
            rows.forEach(row -> settings.put(Provider.valueOf(row.getString(0)), settings(row)));
            return settings;
        });
    }

    Uni<Void> set(Provider provider, RetrySettings settings, String by, Instant at) {
        Tuple values = Tuple.tuple()
                .addString(provider.name())
                .addString(settings.mode().name())
                .addValue(settings.statuses().toArray(Integer[]::new))
                .addInteger(settings.mostAttempts())
                .addBoolean(settings.multiply())
                .addString(by)
                .addValue(at.atOffset(UTC));
        return pool.preparedQuery(SET).execute(values).replaceWithVoid();
    }

    private static RetrySettings settings(Row row) {
        return new RetrySettings(
                RetryMode.valueOf(row.getString(1)),
                List.of(row.getArrayOfIntegers(2)),
                row.getInteger(3),
                row.getBoolean(4));
    }
}
