package io.perennial.bench.callback;

import io.perennial.bench.lab.ControlService;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.load.ClosedLoop;
import io.perennial.bench.load.Http;
import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A bare service on the same framework: one exchange, two inserts, one redirect; nothing is checked, sealed or published. */
final class ControlCallbacks implements Arm {
    static final Buffer PAYLOAD = Buffer.buffer("{" + "x".repeat(500) + "}");

    private final Lab lab;
    private final ControlService control;
    private final Http http;
    private final ClosedLoop loop;

    ControlCallbacks(Lab lab, ControlService control, int clients) {
        this.lab = lab;
        this.control = control;
        this.http = new Http(lab.vertx(), clients);
        this.loop = new ClosedLoop(lab.vertx(), clients);
    }

    @Override
    public String name() {
        return "bare Quarkus";
    }

    @Override
    public String database() {
        return ControlService.DATABASE;
    }

    @Override
    public List<Long> processes() {
        return control.processes();
    }

    @Override
    public void prepare(Duration length) {
        lab.execute(ControlService.DATABASE, "truncate accepted, event");
        lab.settle(ControlService.DATABASE);
    }

    @Override
    public Work work(Duration length) {
        Work done = loop.run(length, this::callback);
        require(lab, ControlService.DATABASE, done.items());
        return done;
    }

    private Future<?> callback() {
        String state = Pending.randomText();
        return http.send(
                HttpMethod.GET,
                control.first().port(),
                "/callback?state=" + state + "&selling_partner_id=A1000000000&spapi_oauth_code=" + state,
                Map.of(),
                303);
    }

    /** What was counted is there, with its event. */
    static void require(Lab lab, String database, long items) {
        long there = lab.count(database, "select least((select count(*) from accepted), (select count(*) from event))");
        if (there != items) {
            throw new LauncherException(items + " were counted, " + there + " are in database " + database);
        }
    }
}
