package io.perennial.auth.authorization.page;

import io.perennial.service.Mode;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Refuses a production start whose pages would be served without encryption. */
@ApplicationScoped
class PublicAddressReadiness {
    void onStart(@Observes StartupEvent started, Mode mode, PublicConfig config) {
        if (mode == Mode.PRODUCTION && !"https".equals(config.url().getScheme())) {
            throw new IllegalStateException("perennial.public.url is " + config.url()
                    + ", but perennial.mode is production: it must be https. Refusing to start.");
        }
    }
}
