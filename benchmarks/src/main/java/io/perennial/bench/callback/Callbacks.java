package io.perennial.bench.callback;

import io.perennial.bench.callback.Pending.Callback;
import io.perennial.bench.lab.AuthService;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.load.ClosedLoop;
import io.perennial.bench.load.Http;
import io.perennial.bench.load.OpenLoop;
import io.perennial.bench.measure.Arm;
import io.perennial.bench.measure.Percentiles;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.Waiting;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** auth-service. An item is done when its grant is promoted: the time until the last one is decided counts. */
final class Callbacks implements Arm {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GLANCE = Duration.ofMillis(20);

    private final Lab lab;
    private final AuthService auth;
    private final Pending pending;
    private final Http http;
    private final ClosedLoop loop;
    private final Map<String, String> headers;
    private Iterator<Callback> callbacks = List.<Callback>of().iterator();

    Callbacks(Lab lab, AuthService auth, int clients) {
        this.lab = lab;
        this.auth = auth;
        this.pending = new Pending(lab);
        this.http = new Http(lab.vertx(), clients);
        this.loop = new ClosedLoop(lab.vertx(), clients);
        this.headers = Map.of("cookie", auth.browserCookie() + "=" + pending.browser());
    }

    @Override
    public String name() {
        return "auth-service";
    }

    @Override
    public String database() {
        return AuthService.DATABASE;
    }

    @Override
    public List<Long> processes() {
        return auth.processes();
    }

    @Override
    public void prepare(Duration length) {
        callbacks = pending.start().iterator();
        lab.settle(AuthService.DATABASE);
    }

    @Override
    public Work work(Duration length) {
        long before = promoted();
        long began = System.nanoTime();
        long items = loop.run(length, this::callback).items();
        awaitDecisions();
        double seconds = (System.nanoTime() - began) / 1e9;
        require(before, items);
        return new Work(items, seconds);
    }

    /** Latencies at a fixed rate. */
    Percentiles atRate(Lab of, double rate, Duration length) {
        prepare(length);
        long before = promoted();
        Percentiles found = new OpenLoop(of.vertx()).run(rate, length, () -> Objects.requireNonNull(callback()));
        awaitDecisions();
        require(before, found.count());
        return found;
    }

    private @Nullable Future<?> callback() {
        if (!callbacks.hasNext()) {
            return null;
        }
        Callback next = callbacks.next();
        return http.send(
                HttpMethod.GET,
                auth.first().port(),
                "/oauth/amazon/callback?state=" + next.state() + "&selling_partner_id=" + next.account()
                        + "&spapi_oauth_code=" + next.state(),
                headers,
                303);
    }

    private void awaitDecisions() {
        if (!Waiting.until(PATIENCE, GLANCE, () -> undecided() == 0)) {
            throw new LauncherException(undecided() + " consents are not decided");
        }
    }

    private long undecided() {
        return lab.count(
                AuthService.DATABASE,
                "select count(*) from authorization_request where status in ('EXCHANGING', 'CHECKING')");
    }

    private long promoted() {
        return lab.count(AuthService.DATABASE, "select count(*) from authorization_request where status = 'COMPLETED'");
    }

    private void require(long before, long items) {
        long done = promoted() - before;
        if (done != items) {
            throw new LauncherException(items + " callbacks were counted, " + done + " grants were promoted");
        }
    }
}
