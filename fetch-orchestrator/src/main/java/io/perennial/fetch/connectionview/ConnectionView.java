package io.perennial.fetch.connectionview;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.fetch.watermark.OrderHistory;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A connection as far as fetching is concerned.
 *
 * @param withoutOrders whether everything was read and there never was an order: its region may be the wrong one
 */
public record ConnectionView(
        UUID id,
        String tenantId,
        String externalId,
        Provider provider,
        Region region,
        int generation,
        List<String> marketplaces,
        ViewState state,
        boolean withoutOrders) {

    /** Stands for all marketplaces of a connection that names none. */
    public static final String EVERY_MARKETPLACE = "*";

    /** Whether something may be fetched now. */
    public boolean usable() {
        return offered() && state == ViewState.ACTIVE;
    }

    /** Whether this kind of connection has something to fetch: sellers orders, advertisers profiles, vendors nothing. */
    public boolean offered() {
        return provider == Provider.AMAZON_SELLER || advertises();
    }

    /** Whether snapshots of profiles are what is fetched. */
    public boolean advertises() {
        return provider == Provider.AMAZON_ADS;
    }

    /** What coverage is kept for. */
    public List<String> coveredMarketplaces() {
        return marketplaces.isEmpty() ? List.of(EVERY_MARKETPLACE) : marketplaces;
    }

    /** How far back Amazon answers for its orders. The Far East has the three marketplaces alone that keep theirs. */
    public OrderHistory history() {
        return marketplaces.isEmpty() && region == Region.FE ? OrderHistory.SINCE_2016 : OrderHistory.of(marketplaces);
    }

    /** What an event about this connection begins with. */
    public ConnectionRef ref(Instant occurredAt) {
        return new ConnectionRef(tenantId, id, externalId, provider, region, generation, occurredAt);
    }
}
