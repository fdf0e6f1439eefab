package io.perennial.auth.authorization.page;

import io.perennial.service.Hosts;
import io.perennial.service.ProductionCheck;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Refuses a production start whose pages would be served without encryption, or to nobody. */
@ApplicationScoped
class PublicAddressReadiness implements ProductionCheck {
    private final PublicConfig config;

    PublicAddressReadiness(PublicConfig config) {
        this.config = config;
    }

    @Override
    public List<String> refusals() {
        return "https".equals(config.url().getScheme())
                        && !Hosts.isLoopback(config.url().getHost())
                ? List.of()
                : List.of("perennial.public.url is " + config.url()
                        + ": set it to the https address at which merchants' browsers reach this service.");
    }
}
