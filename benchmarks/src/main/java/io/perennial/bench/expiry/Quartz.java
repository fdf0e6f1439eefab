package io.perennial.bench.expiry;

import io.perennial.bench.lab.Lab;
import io.perennial.launcher.LauncherException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/** The JDBC store, clustered as several replicas need it, taking as many triggers at once as it has threads. */
final class Quartz implements Peer {
    private static final String SCHEDULER = "bench";
    private static final String OUTBOX = "outbox";
    private static final String TABLES = "/org/quartz/impl/jdbcjobstore/tables_postgres.sql";

    private final AtomicInteger sources = new AtomicInteger();

    /** What a trigger runs. Public with a public constructor, because Quartz makes it. */
    public static final class Announce implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            try {
                Outbox outbox = (Outbox) Objects.requireNonNull(
                        context.getScheduler().getContext().get(OUTBOX));
                outbox.announce(context.getTrigger().getKey().getName());
            } catch (SchedulerException e) {
                throw new LauncherException("Quartz has no context: " + e.getMessage(), e);
            }
        }
    }

    private record Sessions(Outbox outbox) implements ConnectionProvider {
        @Override
        public Connection getConnection() throws SQLException {
            return outbox.sessions().getConnection();
        }

        @Override
        public void shutdown() {}

        @Override
        public void initialize() {}
    }

    @Override
    public String name() {
        return "Quartz";
    }

    @Override
    public String settings() {
        return "2.5.2, JobStoreTX clustered, batchTriggerAcquisitionMaxCount and threads " + PeerArm.THREADS
                + ", acquired within the lock, no misfire handling, simple triggers of one job";
    }

    @Override
    public void seed(Lab lab, String database, int due, int later) {
        try (InputStream tables = Quartz.class.getResourceAsStream(TABLES)) {
            if (tables == null) {
                throw new LauncherException("Quartz brings no " + TABLES);
            }
            lab.execute(database, new String(tables.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new LauncherException("can not read the tables of Quartz: " + e.getMessage(), e);
        }
        lab.execute(
                database,
                """
                insert into qrtz_job_details (sched_name, job_name, job_group, job_class_name, is_durable,
                                              is_nonconcurrent, is_update_data, requests_recovery)
                values ('%s', 'announce', 'bench', '%s', true, false, false, false)
                """
                        .formatted(SCHEDULER, Announce.class.getName()),
                """
                insert into qrtz_triggers (sched_name, trigger_name, trigger_group, job_name, job_group, next_fire_time,
                                           prev_fire_time, priority, trigger_state, trigger_type, start_time, end_time,
                                           misfire_instr)
                select '%1$s', gen_random_uuid()::text, 'bench', 'announce', 'bench', fire.at, -1, 5, 'WAITING', 'SIMPLE',
                       fire.at, 0, 0
                from generate_series(1, %2$d + %3$d) n,
                     lateral (select (extract(epoch from now()) * 1000)::bigint
                                     + case when n <= %2$d then -3600000 + n else 86400000 + n * 1000::bigint end)
                         as fire(at)
                order by hashtext(n::text)
                """
                        .formatted(SCHEDULER, due, later),
                // Foreign keys are checked by plans that are made once: let them see how many there are.
                "analyze",
                """
                insert into qrtz_simple_triggers (sched_name, trigger_name, trigger_group, repeat_count, repeat_interval,
                                                  times_triggered)
                select sched_name, trigger_name, trigger_group, 0, 0, 0 from qrtz_triggers
                """);
    }

    @Override
    public Runnable start(Outbox outbox) {
        String source = "bench-" + sources.incrementAndGet();
        DBConnectionManager.getInstance().addConnectionProvider(source, new Sessions(outbox));
        Properties settings = new Properties();
        settings.put("org.quartz.scheduler.instanceName", SCHEDULER);
        settings.put("org.quartz.scheduler.instanceId", "AUTO");
        settings.put("org.quartz.scheduler.skipUpdateCheck", "true");
        settings.put("org.quartz.scheduler.idleWaitTime", "1000");
        settings.put("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", Integer.toString(PeerArm.THREADS));
        settings.put("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
        settings.put("org.quartz.threadPool.threadCount", Integer.toString(PeerArm.THREADS));
        settings.put("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
        settings.put("org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
        settings.put("org.quartz.jobStore.dataSource", source);
        settings.put("org.quartz.jobStore.isClustered", "true");
        settings.put("org.quartz.jobStore.acquireTriggersWithinLock", "true");
        settings.put("org.quartz.jobStore.misfireThreshold", Integer.toString(Integer.MAX_VALUE));
        try {
            Scheduler scheduler = new StdSchedulerFactory(settings).getScheduler();
            scheduler.getContext().put(OUTBOX, outbox);
            scheduler.start();
            return () -> stop(scheduler);
        } catch (SchedulerException e) {
            throw new LauncherException("Quartz does not start: " + e.getMessage(), e);
        }
    }

    private static void stop(Scheduler scheduler) {
        try {
            scheduler.shutdown(true);
        } catch (SchedulerException e) {
            throw new LauncherException("Quartz does not stop: " + e.getMessage(), e);
        }
    }
}
