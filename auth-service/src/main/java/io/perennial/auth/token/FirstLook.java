package io.perennial.auth.token;

import io.perennial.auth.application.Apps;
import io.perennial.auth.connection.ConnectionStores;
import io.perennial.auth.token.amazon.Participation;
import io.perennial.auth.token.amazon.SellersClient;
import io.perennial.secret.AccessToken;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Looks once at the store behind a grant that came without a consent here: without evidence of who the seller is, an
 * operator would have to decide about his first renewal. Done by probes, so it keeps to their budget; what fails is looked
 * at again by the next one.
 */
@ApplicationScoped
class FirstLook {
    private final SellersClient sellers;
    private final ConnectionStores stores;
    private final Apps apps;

    FirstLook(SellersClient sellers, ConnectionStores stores, Apps apps) {
        this.sellers = sellers;
        this.stores = stores;
        this.apps = apps;
    }

    Uni<Void> at(OpenGrant grant, AccessToken token) {
        return apps.get(grant.app())
                .chain(app -> sellers.participations(app, grant.region(), token))
                .chain(store -> store instanceof Participation.Known known
                        ? stores.see(grant.connectionId(), grant.generation(), known.storeName(), known.marketplaces())
                        : Uni.createFrom().voidItem());
    }
}
