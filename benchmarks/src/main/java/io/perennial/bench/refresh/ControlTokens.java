package io.perennial.bench.refresh;

import io.perennial.bench.lab.ControlService;
import io.perennial.bench.lab.FakeAmazon;
import io.perennial.bench.lab.Lab;
import io.perennial.bench.load.Http;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** A bare service with one of its policies. */
record ControlTokens(Lab lab, ControlService control, Http http, String policy, int count) implements Tokens {
    @Override
    public String name() {
        return policy;
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
    public int replicas() {
        return control.replicas().size();
    }

    @Override
    public void age() {
        lab.execute(
                ControlService.DATABASE,
                "truncate token, lock",
                "insert into token select lpad(to_hex(i), 32, '0')::uuid, '" + FakeAmazon.token("Atzr|control-")
                        + "' || i, '" + FakeAmazon.token("Atza|control-") + "', '-infinity' from generate_series(0, "
                        + (count - 1) + ") i",
                "analyze token");
        lab.settle(ControlService.DATABASE);
    }

    @Override
    public List<UUID> connections() {
        return IntStream.range(0, count).mapToObj(i -> new UUID(0, i)).toList();
    }

    @Override
    public Future<?> token(int replica, UUID connection) {
        return http.send(
                HttpMethod.POST,
                control.replicas().get(replica).port(),
                "/tokens/" + connection + "/" + policy,
                Map.of(),
                200);
    }
}
