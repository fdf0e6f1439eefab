package io.perennial.merchants;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.stack.Stack;
import io.perennial.launcher.stack.StackService;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The replicas of auth-service, as a load balancer sees them: any may be asked, and one may be gone. */
public final class Replicas {
    private static final int TRIES = 100;

    private final List<URI> bases;
    private final List<AtomicInteger> callbacks;

    private Replicas(List<URI> bases) {
        this.bases = bases;
        this.callbacks = Stream.generate(AtomicInteger::new).limit(bases.size()).toList();
    }

    public static Replicas of(Stack stack, int count) {
        return new Replicas(IntStream.rangeClosed(1, count)
                .mapToObj(number -> URI.create(stack.url(StackService.AUTH_SERVICE, number)))
                .toList());
    }

    interface Step {
        PlainBrowser.Answer at(int replica) throws IOException;
    }

    public int any() {
        return ThreadLocalRandom.current().nextInt(bases.size());
    }

    public String url(int replica) {
        return bases.get(replica).toString();
    }

    /** The same address at that replica. */
    URI at(int replica, URI address) {
        return bases.get(replica)
                .resolve(address.getRawPath() + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery()));
    }

    /** How many callbacks the other replicas have not answered. */
    public int callbacksBesides(int replica) {
        return IntStream.range(0, bases.size())
                .filter(other -> other != replica)
                .map(other -> callbacks.get(other).get())
                .sum();
    }

    /** Brings a callback to a replica first; where nobody answers, the browser loads it again and meets another. */
    PlainBrowser.Answer callback(int first, Step step) {
        return throughAny(first, replica -> {
            callbacks.get(replica).incrementAndGet();
            try {
                return step.at(replica);
            } finally {
                callbacks.get(replica).decrementAndGet();
            }
        });
    }

    PlainBrowser.Answer throughAny(Step step) {
        return throughAny(any(), step);
    }

    private PlainBrowser.Answer throughAny(int first, Step step) {
        int replica = first;
        IOException last = new IOException("never asked");
        for (int i = 0; i < TRIES; i++) {
            try {
                return step.at(replica);
            } catch (IOException e) {
                last = e;
                replica = (replica + 1) % bases.size();
            }
        }
        throw new LauncherException("no replica of auth-service answers", last);
    }
}
