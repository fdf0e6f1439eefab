package io.perennial.service;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Where a client may connect to, whatever a name says. The address that was checked is the one that is connected to: a name
 * that leads elsewhere a moment later (DNS rebinding) leads nowhere else.
 */
public final class Destinations {
    private static final Logger LOG = Logger.getLogger(Destinations.class);

    /** As long as the JVM itself remembers a name ({@code networkaddress.cache.ttl} where no security manager is). */
    private static final long REMEMBERED_MS = 30_000;

    private final Vertx vertx;
    private final Lookup lookup;
    private final Predicate<InetAddress> allowed;
    private final Map<String, Future<InetAddress>> known = new ConcurrentHashMap<>();

    /** Who tells the addresses of a name; may block. */
    @FunctionalInterface
    public interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** A name leads to no address that may be connected to. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String host) {
            super(host + " leads to no address of the outside", null, false, false);
        }
    }

    public Destinations(Vertx vertx, Lookup lookup, Predicate<InetAddress> allowed) {
        this.vertx = vertx;
        this.lookup = lookup;
        this.allowed = allowed;
    }

    /** Neither the own machine nor the own network, as {@link Hosts#isInside} tells them. */
    public static Destinations outside(Vertx vertx) {
        return outsideBy(vertx, InetAddress::getAllByName);
    }

    static Destinations outsideBy(Vertx vertx, Lookup lookup) {
        return new Destinations(vertx, lookup, address -> !Hosts.isInside(address));
    }

    /** Fails with {@link Refused}, or as the lookup does; completes in the context of the caller. */
    Future<SocketAddress> of(String host, int port) {
        Future<InetAddress> address = known.computeIfAbsent(host, this::lookUp);
        if (address.succeeded()) {
            return Future.succeededFuture(at(address.result(), port));
        }
        // Several wait for one lookup, each in a context of its own.
        Context caller = vertx.getOrCreateContext();
        Promise<SocketAddress> answer = Promise.promise();
        address.map(found -> at(found, port)).onComplete(result -> caller.runOnContext(there -> answer.handle(result)));
        return answer.future();
    }

    private Future<InetAddress> lookUp(String host) {
        Future<InetAddress> found = vertx.executeBlocking(() -> first(host), false);
        found.onComplete(result -> {
            if (result.succeeded() || result.cause() instanceof Refused) {
                vertx.setTimer(REMEMBERED_MS, late -> known.remove(host, found));
            } else {
                known.remove(host, found);
            }
        });
        return found;
    }

    private InetAddress first(String host) throws UnknownHostException {
        InetAddress[] addresses = lookup.addresses(host);
        return Arrays.stream(addresses).filter(allowed).findFirst().orElseThrow(() -> {
            LOG.errorf(
                    "%s is not called: it leads to %s, inside of the own network. Correct the address of the"
                            + " application, or the name server.",
                    host, Arrays.toString(addresses));
            return new Refused(host);
        });
    }

    private static SocketAddress at(InetAddress address, int port) {
        return SocketAddress.inetSocketAddress(new InetSocketAddress(address, port));
    }
}
