package io.perennial.bench.callback;

import io.perennial.bench.lab.ControlService;
import io.perennial.bench.lab.FakeAmazon;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.load.ClosedLoop;
import io.perennial.bench.measure.Arm;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;

/** The limit: the two inserts of a callback in one durable transaction, by a client that does nothing else. */
final class RawInserts implements Arm {
    private static final String DATABASE = "raw";

    private final Lab lab;
    private final Pool pool;
    private final ClosedLoop loop;

    RawInserts(Lab lab) {
        this.lab = lab;
        lab.createDatabase(DATABASE);
        lab.execute(DATABASE, ControlService.ACCEPTED, ControlService.EVENT);
        this.pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(CallbackBenchmark.CLIENTS))
                .connectingTo(PgConnectOptions.fromUri(lab.reactiveUrl(DATABASE))
                        .setUser(DATABASE)
                        .setPassword(lab.password())
                        .setCachePreparedStatements(true))
                .using(lab.vertx())
                .build();
        this.loop = new ClosedLoop(lab.vertx(), CallbackBenchmark.CLIENTS);
    }

    @Override
    public String name() {
        return "two raw inserts";
    }

    @Override
    public String database() {
        return DATABASE;
    }

    @Override
    public void prepare(Duration length) {
        lab.execute(DATABASE, "truncate accepted, event");
        lab.settle(DATABASE);
    }

    @Override
    public Work work(Duration length) {
        Work done = loop.run(length, this::transaction);
        ControlCallbacks.require(lab, DATABASE, done.items());
        return done;
    }

    private Future<?> transaction() {
        UUID id = UUID.randomUUID();
        return pool.withTransaction(connection -> connection
                .preparedQuery(
                        "insert into accepted (id, state, account, refresh_token, access_token) values ($1, $2, $3, $4, $5)")
                .execute(Tuple.of(
                        id,
                        Pending.randomText(),
                        "A1000000000",
                        Buffer.buffer(FakeAmazon.token("Atzr|")),
                        Buffer.buffer(FakeAmazon.token("Atza|"))))
                .compose(stored -> connection
                        .preparedQuery("insert into event (key, topic, payload) values ($1, $2, $3)")
                        .execute(Tuple.of(id.toString(), "perennial.connections.v1", ControlCallbacks.PAYLOAD))));
    }
}
