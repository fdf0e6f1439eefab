package io.perennial.bench.refresh;

import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/** Access tokens on demand, by one policy or another. */
interface Tokens {
    String name();

    String database();

    /** Of the replicas, all of which share the database. */
    List<Long> processes();

    int replicas();

    /** Makes every stored access token too old to be used. */
    void age();

    List<UUID> connections();

    /** A good access token of a connection, from one of the replicas; failed if there was none. */
    Future<?> token(int replica, UUID connection);
}
