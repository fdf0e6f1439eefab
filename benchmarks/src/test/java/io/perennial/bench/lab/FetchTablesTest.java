package io.perennial.bench.lab;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.perennial.fetch.backfill.Decisions;
import io.perennial.fetch.backfill.PageWriter;
import io.perennial.fetch.loadstatus.StatusPages;
import io.vertx.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a service's part needs changes with the service; it shall not be found out by who waits for a benchmark. */
class FetchTablesTest {
    static Stream<Function<Wiring, Object>> parts() {
        return Stream.of(Decisions::new, PageWriter::new, StatusPages::new);
    }

    @ParameterizedTest
    @MethodSource("parts")
    void the_parts_of_the_service_can_be_made(Function<Wiring, Object> part) {
        Vertx vertx = Vertx.vertx();
        try (FetchTables tables = new FetchTables(
                PgBuilder.pool()
                        .connectingTo(new PgConnectOptions().setPort(1))
                        .using(new io.vertx.mutiny.core.Vertx(vertx))
                        .build(),
                vertx)) {
            assertThatCode(() -> part.apply(tables.service())).doesNotThrowAnyException();
        } finally {
            vertx.close();
        }
    }
}
