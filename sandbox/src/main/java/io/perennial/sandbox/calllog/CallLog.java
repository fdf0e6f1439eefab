package io.perennial.sandbox.calllog;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.database.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters are made before the runtime configuration is known, so this needs a scope that waits for the first call. */
@ApplicationScoped
public class CallLog {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Line(
            long sequence,
            Instant domainTime,
            String operation,
            @Nullable String grantType,
            @Nullable String seller,
            int status,
            @Nullable String fault) {}

    private final Database database;
    private final SandboxClock clock;

    CallLog(Database database, SandboxClock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Writes what became of a call, once. */
    public void write(CallRecord call, int status) {
        if (call.operation() == null || !call.write()) {
            return;
        }
        database.update(
                """
                insert into call_log (domain_time, operation, grant_type, seller_id, status, fault)
                values (?, ?, ?, ?, ?, ?)
                """,
                clock.instant(),
                call.operation(),
                call.grantType(),
                call.seller(),
                status,
                call.fault());
    }

    List<Line> after(long sequence, int limit) {
        return database.list(
                "select * from call_log where sequence > ? order by sequence limit ?", CallLog::read, sequence, limit);
    }

    private static Line read(Row row) {
        return new Line(
                row.number("sequence"),
                row.instant("domain_time"),
                row.text("operation"),
                row.findText("grant_type"),
                row.findText("seller_id"),
                (int) row.number("status"),
                row.findText("fault"));
    }
}
