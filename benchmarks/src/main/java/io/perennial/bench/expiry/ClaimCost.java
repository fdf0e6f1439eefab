package io.perennial.bench.expiry;

import io.perennial.bench.lab.Lab;
import io.perennial.launcher.LauncherException;
import io.perennial.monitor.expiry.Claims;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Instant;

/**
 * What the server counts for one claim of token-monitor: time to plan and to run, buffers, and bytes of the log without
 * images of whole pages, which follow a checkpoint and not a claim.
 */
record ClaimCost(long items, double millis, double buffers, double walBytes) {
    /**
     * Claims twice and takes both back. The second is measured: by then every page that it changes stands in the log.
     *
     * @param due how many are due then; none is fine
     */
    static ClaimCost of(Lab lab, Watched watched, Instant now, int due) {
        Pool session = watched.session();
        try {
            claimAndUndo(session, now, due);
            lab.forgetStatements();
            long items = claimAndUndo(session, now, due);
            return new ClaimCost(
                    items,
                    counted(lab, watched, "total_plan_time + total_exec_time"),
                    counted(lab, watched, "shared_blks_hit + shared_blks_read"),
                    counted(lab, watched, "wal_bytes - " + "case when wal_fpi > 2 then 8192 * wal_fpi else 0 end"));
        } finally {
            session.closeAndAwait();
        }
    }

    private static long claimAndUndo(Pool session, Instant now, int due) {
        session.query("begin").executeAndAwait();
        long claimed = new Claims(session).claim(now, Batches.LARGEST);
        session.query("rollback").executeAndAwait();
        if (claimed != due) {
            throw new LauncherException("claimed " + claimed + " of " + due);
        }
        return claimed;
    }

    private static double counted(Lab lab, Watched watched, String what) {
        return lab.ask("select " + what + " from pg_stat_statements s join pg_database d on d.oid = s.dbid"
                + " where d.datname = '" + watched.database() + "' and s.query like '%with moved as%'");
    }
}
