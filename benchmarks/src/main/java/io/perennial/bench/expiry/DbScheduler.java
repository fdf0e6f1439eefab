package io.perennial.bench.expiry;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.perennial.bench.lab.Lab;
import java.time.Duration;

/** Its faster strategy, with the threads and limits of the fastest row of its docs/performance.md for a small machine. */
final class DbScheduler implements Peer {
    private static final double LOWER = 4.0;
    private static final double UPPER = 20.0;

    @Override
    public String name() {
        return "db-scheduler";
    }

    @Override
    public String settings() {
        return "16.12.0, lock-and-fetch " + LOWER + " to " + UPPER + ", " + PeerArm.THREADS
                + " threads, one-time tasks, polled every 100 ms, no index by priority";
    }

    @Override
    public void seed(Lab lab, String database, int due, int later) {
        lab.execute(
                database,
                """
                create table scheduled_tasks (
                    task_name            text not null,
                    task_instance        text not null,
                    task_data            bytea,
                    execution_time       timestamp with time zone,
                    picked               boolean not null,
                    picked_by            text,
                    last_success         timestamp with time zone,
                    last_failure         timestamp with time zone,
                    consecutive_failures int,
                    last_heartbeat       timestamp with time zone,
                    version              bigint not null,
                    priority             smallint,
                    state                text,
                    primary key (task_name, task_instance)
                )
                """,
                """
                insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
                select 'announce', gen_random_uuid()::text,
                       now() + case when n <= %1$d then -interval '1 hour' + n * interval '1 ms'
                                    else interval '1 day' + n * interval '1 s' end,
                       false, 1
                from generate_series(1, %1$d + %2$d) n
                order by hashtext(n::text)
                """
                        .formatted(due, later),
                "create index execution_time_idx on scheduled_tasks (execution_time)",
                "create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)");
    }

    @Override
    public Runnable start(Outbox outbox) {
        OneTimeTask<Void> task =
                Tasks.oneTime("announce").execute((instance, context) -> outbox.announce(instance.getId()));
        Scheduler scheduler = Scheduler.create(outbox.sessions(), task)
                .threads(PeerArm.THREADS)
                .pollUsingLockAndFetch(LOWER, UPPER)
                .pollingInterval(Duration.ofMillis(100))
                .shutdownMaxWait(Duration.ofSeconds(5))
                .build();
        scheduler.start();
        return scheduler::stop;
    }
}
