package io.perennial.auth.application;

import io.perennial.service.Hosts;
import io.perennial.service.ProductionCheck;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a production start with an application whose addresses are a stand-in's, left over: not encrypted, or at home; or
 * that would show secrets and tokens to another host than the provider's.
 */
@ApplicationScoped
class EndpointReadiness implements ProductionCheck {
    /** The database is up: migrations ran before. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Pool pool;

    EndpointReadiness(Pool pool) {
        this.pool = pool;
    }

    @Override
    public List<String> refusals() {
        List<String> all = new ArrayList<>();
        for (Row row : pool.query(
                        """
                        select name, field, url
                          from app, lateral (
                               values ('redirectUri', redirect_uri),
                                      ('endpoints.authorization', authorization_endpoint),
                                      ('endpoints.token', token_endpoint),
                                      ('endpoints.authorizations.NA', authorization_na),
                                      ('endpoints.authorizations.EU', authorization_eu),
                                      ('endpoints.authorizations.FE', authorization_fe),
                                      ('endpoints.tokens.NA', token_na),
                                      ('endpoints.tokens.EU', token_eu),
                                      ('endpoints.tokens.FE', token_fe),
                                      ('endpoints.api.NA', api_na),
                                      ('endpoints.api.EU', api_eu),
                                      ('endpoints.api.FE', api_fe)
                                union all
                               select 'endpoints.consentSites.' || split_part(site, ' ', 1), split_part(site, ' ', 2)
                                 from unnest(consent_sites) as site) as address(field, url)
                         where url is not null
                         order by name, field
                        """)
                .execute()
                .await()
                .atMost(PATIENCE)) {
            String refusal = refusal(row.getString("name"), row.getString("field"), row.getString("url"));
            if (refusal != null) {
                all.add(refusal);
            }
        }
        return all;
    }

    /** Why an address of an application does not belong into production; null if it does. */
    static @Nullable String refusal(String app, String field, String url) {
        String place = field + " of application " + app + " is " + url;
        // The places of countries and regions are filled in when a merchant sets out.
        URI address = URI.create(url.replaceAll("\\{[a-z]+}", "x"));
        if (!"https".equals(address.getScheme())) {
            return place + ": it must be https. Change it where perennial.mode is sandbox, or in the table app.";
        }
        if (Hosts.isLoopback(address.getHost())) {
            return place
                    + ": it leads to this machine. Change it where perennial.mode is sandbox, or in the table app.";
        }
        return AmazonHosts.mayBeShown(field, address)
                ? null
                : place + ": it " + AmazonHosts.advice(field)
                        + ". Change it where perennial.mode is sandbox, or in the table app.";
    }
}
