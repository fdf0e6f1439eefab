package io.perennial.bench.refresh;

import io.perennial.bench.lab.Lab;
import io.perennial.bench.load.ClosedLoop;
import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/** One call for each connection whose token is too old; each refreshes. */
final class Refreshing implements Arm {
    static final int CLIENTS = 32;

    private final Lab lab;
    private final Tokens tokens;
    private final ClosedLoop loop;
    private Iterator<UUID> connections = Collections.emptyIterator();

    Refreshing(Lab lab, Tokens tokens) {
        this.lab = lab;
        this.tokens = tokens;
        this.loop = new ClosedLoop(lab.vertx(), CLIENTS);
    }

    @Override
    public String name() {
        return tokens.name();
    }

    @Override
    public String database() {
        return tokens.database();
    }

    @Override
    public List<Long> processes() {
        return tokens.processes();
    }

    @Override
    public void prepare(Duration length) {
        tokens.age();
        connections = tokens.connections().iterator();
    }

    @Override
    public Work work(Duration length) {
        long before = lab.amazon().refreshes();
        Work done = loop.run(length, () -> connections.hasNext() ? tokens.token(0, connections.next()) : null);
        long asked = lab.amazon().refreshes() - before;
        if (asked != done.items()) {
            throw new LauncherException(done.items() + " tokens were counted, Amazon was asked " + asked + " times");
        }
        return done;
    }
}
