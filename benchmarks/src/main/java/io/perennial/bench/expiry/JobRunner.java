package io.perennial.bench.expiry;

import io.perennial.bench.lab.Lab;
import java.time.Duration;
import java.time.Instant;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.JobRunrMetadata;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;

/** JobRunr's open edition with the shortest poll that it takes and large pages: scheduled jobs become enqueued ones, then run. */
final class JobRunner implements Peer {
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final int PAGE = 5_000;

    /** What a job carries. Public with a public constructor, because it is written and read as JSON. */
    public static final class Announce implements JobRequest {
        @Override
        public Class<Announcing> getJobRequestHandler() {
            return Announcing.class;
        }
    }

    /** What a job does. */
    public static final class Announcing implements JobRequestHandler<Announce> {
        private final Outbox outbox;

        Announcing(Outbox outbox) {
            this.outbox = outbox;
        }

        @Override
        public void run(Announce request) {
            outbox.announce(jobContext().getJobId().toString());
        }
    }

    @Override
    public String name() {
        return "JobRunr";
    }

    @Override
    public String settings() {
        return "8.7.0, open edition, " + PeerArm.THREADS + " workers, polled every " + POLL.toSeconds()
                + " s (the least it takes), pages of " + PAGE + " scheduled jobs, no dashboard";
    }

    /** One job by its own hand, and copies of it by SQL. */
    @Override
    public void seed(Lab lab, String database, int due, int later) {
        try (Outbox outbox = new Outbox(lab, database)) {
            PostgresStorageProvider tables = new PostgresStorageProvider(outbox.sessions());
            JobRunr.configure()
                    .useStorageProvider(tables)
                    .initialize()
                    .getJobRequestScheduler()
                    .schedule(Instant.now().minus(Duration.ofHours(1)), new Announce());
            // As its first start leaves it: otherwise every start reads all jobs, to see whether they are of an old
            // version.
            tables.saveMetadata(new JobRunrMetadata("database_version", "cluster", "6.0.0"));
            JobRunr.destroy();
        }
        lab.execute(
                database,
                """
                create temporary table copies as
                select one.*, n, gen_random_uuid()::text as copy from jobrunr_jobs one, generate_series(1, %1$d + %2$d) n;
                update copies set jobasjson = replace(jobasjson, id, copy), id = copy,
                       scheduledat = scheduledat + case when n <= %1$d then n * interval '1 ms'
                                                        else interval '1 day' + n * interval '1 s' end;
                alter table copies drop column n, drop column copy;
                truncate jobrunr_jobs;
                insert into jobrunr_jobs select * from copies order by hashtext(id);
                """
                        .formatted(due, later));
    }

    @Override
    public Runnable start(Outbox outbox) {
        Announcing announcing = new Announcing(outbox);
        BackgroundJobServer server = JobRunr.configure()
                .useJobActivator(new org.jobrunr.server.JobActivator() {
                    @Override
                    public <T> T activateJob(Class<T> type) {
                        return type.cast(announcing);
                    }
                })
                .useStorageProvider(new PostgresStorageProvider(outbox.sessions()))
                .useBackgroundJobServer(
                        BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                                .andWorkerCount(PeerArm.THREADS)
                                .andPollInterval(POLL)
                                .andScheduledJobsRequestSize(PAGE)
                                .andInterruptJobsAwaitDurationOnStopBackgroundJobServer(Duration.ofSeconds(1)),
                        false)
                .initialize()
                .getBackgroundJobServer();
        server.start();
        return JobRunr::destroy;
    }
}
