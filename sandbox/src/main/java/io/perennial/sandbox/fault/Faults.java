package io.perennial.sandbox.fault;

import io.perennial.sandbox.calllog.CallRecord;
import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.database.Row;
import io.perennial.sandbox.seed.Dice;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The planned troubles; rows, so that a restart neither forgets them nor rolls the same dice again. */
@Singleton
public class Faults {

    private record Planned(long id, Fault fault) {}

    private final Database database;
    private final SandboxClock clock;
    private final CallRecord record;
    private volatile @Nullable List<Planned> planned;

    Faults(Database database, SandboxClock clock, CallRecord record) {
        this.database = database;
        this.clock = clock;
        this.record = record;
    }

    /** Waits out latency; returns the first other trouble that strikes this call. */
    public Optional<FaultKind> strike(Fault.Call call) {
        Instant now = clock.instant();
        for (Planned candidate : planned()) {
            Fault fault = candidate.fault();
            if (fault.kind().isAskedFor() || !fault.concerns(call, now) || !strikes(candidate)) {
                continue;
            }
            record.fault(fault.kind().text());
            if (fault.kind() != FaultKind.LATENCY) {
                return Optional.of(fault.kind());
            }
            pause(Objects.requireNonNullElse(fault.latencyMs(), 1000L));
        }
        return Optional.empty();
    }

    /** Whether a trouble that only this place plays strikes the call. */
    public boolean strike(Fault.Call call, FaultKind kind) {
        Instant now = clock.instant();
        boolean struck = planned().stream()
                .filter(candidate ->
                        candidate.fault().kind() == kind && candidate.fault().concerns(call, now))
                .anyMatch(this::strikes);
        if (struck) {
            record.fault(kind.text());
        }
        return struck;
    }

    /** A rate and burst that replace the published ones. */
    public Optional<Fault> quotaFor(Fault.Call call) {
        Instant now = clock.instant();
        return planned().stream()
                .map(Planned::fault)
                .filter(fault -> fault.kind() == FaultKind.QUOTA && fault.concerns(call, now))
                .findFirst();
    }

    List<Fault> all() {
        return planned().stream().map(Planned::fault).toList();
    }

    void replace(List<Fault> faults) {
        database.transact(tx -> {
            tx.update("delete from fault");
            for (Fault fault : faults) {
                tx.update(
                        """
                        insert into fault (operation, kind, probability, seed, until_at, latency_ms, rate, burst)
                        values (?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                        fault.operation(),
                        fault.kind().name(),
                        fault.chance(),
                        Objects.requireNonNullElse(fault.seed(), 1L),
                        fault.until(),
                        fault.latencyMs(),
                        fault.rate(),
                        fault.burst());
            }
            return faults.size();
        });
        planned = null;
    }

    private boolean strikes(Planned candidate) {
        long call = database.first(
                        "update fault set calls = calls + 1 where id = ? returning calls",
                        row -> row.number("calls"),
                        candidate.id())
                .orElse(0L);
        Dice dice = new Dice(Objects.requireNonNullElse(candidate.fault().seed(), 1L));
        return dice.fraction(call) < candidate.fault().chance();
    }

    private List<Planned> planned() {
        List<Planned> known = planned;
        if (known == null) {
            known = database.list("select * from fault order by id", Faults::read);
            planned = known;
        }
        return known;
    }

    private static Planned read(Row row) {
        Long burst = row.findNumber("burst");
        return new Planned(
                row.number("id"),
                new Fault(
                        row.text("operation"),
                        FaultKind.valueOf(row.text("kind")),
                        row.findDecimal("probability"),
                        row.findNumber("seed"),
                        row.findInstant("until_at"),
                        row.findNumber("latency_ms"),
                        row.findDecimal("rate"),
                        burst == null ? null : burst.intValue()));
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
