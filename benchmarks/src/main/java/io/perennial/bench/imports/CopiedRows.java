package io.perennial.bench.imports;

import io.perennial.bench.lab.AuthService;
import io.perennial.bench.measure.Arm;
import java.time.Duration;

/** The limit: the rows of an import, ready-made, by {@code COPY} into the same tables in one transaction. */
record CopiedRows(Rows rows, int connections) implements Arm {
    @Override
    public String name() {
        return "COPY of the same rows";
    }

    @Override
    public String database() {
        return AuthService.DATABASE;
    }

    @Override
    public void prepare(Duration length) {
        rows.clear();
    }

    @Override
    public Work work(Duration length) {
        long began = System.nanoTime();
        rows.load();
        return new Work(connections, (System.nanoTime() - began) / 1e9);
    }
}
