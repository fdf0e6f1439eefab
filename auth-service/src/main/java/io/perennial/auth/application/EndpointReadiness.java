package io.perennial.auth.application;

import io.perennial.service.Mode;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/** Refuses a production start with an application whose addresses are not encrypted: a stand-in's, left over. */
@ApplicationScoped
class EndpointReadiness {
    /** The database is up: migrations ran before. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    void onStart(@Observes StartupEvent started, Mode mode, Pool pool) {
        if (mode == Mode.SANDBOX) {
            return;
        }
        for (Row row : pool.query(
                        """
                        select name from app
                         where exists (select from unnest(array[token_endpoint, api_na, api_eu, api_fe, redirect_uri,
                                                                coalesce(authorization_endpoint, 'https://'),
                                                                coalesce(authorization_na, 'https://'),
                                                                coalesce(authorization_eu, 'https://'),
                                                                coalesce(authorization_fe, 'https://'),
                                                                coalesce(token_na, 'https://'),
                                                                coalesce(token_eu, 'https://'),
                                                                coalesce(token_fe, 'https://')]) as url
                                        where url not like 'https://%')
                            or exists (select from unnest(consent_sites) as site where site not like '% https://%')
                        """)
                .execute()
                .await()
                .atMost(PATIENCE)) {
            throw new IllegalStateException("Application " + row.getString(0)
                    + " has an address that is not https, but perennial.mode is production: refusing to start");
        }
    }
}
