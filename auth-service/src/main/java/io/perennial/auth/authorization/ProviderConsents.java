package io.perennial.auth.authorization;

import io.perennial.contracts.Provider;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The way to each provider. */
@ApplicationScoped
class ProviderConsents {
    private final Map<Provider, ProviderConsent> ways = new EnumMap<>(Provider.class);

    ProviderConsents(@All List<ProviderConsent> all) {
        for (Provider provider : Provider.values()) {
            all.stream().filter(way -> way.leadsTo(provider)).forEach(way -> ways.put(provider, way));
        }
    }

    ProviderConsent of(Provider provider) {
        ProviderConsent way = ways.get(provider);
        if (way == null) {
            throw new IllegalStateException("There is no way to " + provider);
        }
        return way;
    }
}
