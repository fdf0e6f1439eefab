package io.perennial.bench.mail;

import io.perennial.bench.lab.Lab;
import io.perennial.bench.lab.NotifierService;
import io.perennial.bench.measure.Arm;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.Waiting;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ours: reminders that become due at once, each for a connection and a mailbox of its own. Claimed, addressed, claimed again,
 * asked for the link, written, intended, sent, recorded with their event.
 */
final class Reminders implements Arm {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Lab lab;
    private final NotifierService notifier;
    private final int mails;
    private @Nullable Connection writer;

    Reminders(Lab lab, NotifierService notifier, int mails) {
        this.lab = lab;
        this.notifier = notifier;
        this.mails = mails;
    }

    @Override
    public String name() {
        return "notifier";
    }

    @Override
    public String database() {
        return NotifierService.DATABASE;
    }

    @Override
    public List<Long> processes() {
        return notifier.processes();
    }

    @Override
    public void prepare(Duration length) {
        lab.execute(
                NotifierService.DATABASE,
                "truncate reminder, connection cascade",
                """
                insert into connection (connection_id, tenant_id, external_id, provider, region, generation, seen_at)
                select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'tenant', 'ext-' || n,
                       'AMAZON_SELLER', 'EU', 1, clock_timestamp()
                  from generate_series(1, %d) n
                """
                        .formatted(mails));
        lab.settle(NotifierService.DATABASE);
        try {
            Connection open = lab.connect(NotifierService.DATABASE);
            open.setAutoCommit(false);
            try (Statement insert = open.createStatement()) {
                insert.execute(
                        """
                        insert into reminder (id, connection_id, tenant_id, generation, kind, stage, state, due_at,
                                              next_attempt_at, created_at)
                        select uuidv7(), connection_id, tenant_id, generation, 'EXPIRED', 0, 'PENDING',
                               clock_timestamp() - interval '1 minute', clock_timestamp() - interval '1 minute',
                               clock_timestamp()
                          from connection
                        """);
            }
            writer = open;
        } catch (SQLException e) {
            throw new LauncherException("reminders can not be written: " + e.getMessage(), e);
        }
    }

    @Override
    public Work work(Duration length) {
        try (Connection open = writer) {
            if (open == null) {
                throw new IllegalStateException("not prepared");
            }
            long began = System.nanoTime();
            open.commit();
            open.setAutoCommit(true);
            boolean done = Waiting.until(LONGEST, LOOK, () -> finished(open));
            double seconds = (System.nanoTime() - began) / 1e9;
            long sent = count("state = 'SENT'");
            if (!done || sent != mails) {
                throw new LauncherException(sent + " of " + mails + " mails were sent");
            }
            return new Work(mails, seconds);
        } catch (SQLException e) {
            throw new LauncherException("reminders can not be committed: " + e.getMessage(), e);
        }
    }

    /** By the indexes of unfinished ones, over a session that is open: looking must cost nothing beside the work. */
    private static boolean finished(Connection open) {
        try (Statement look = open.createStatement();
                ResultSet found = look.executeQuery("select exists (select from reminder where state = 'PENDING')"
                        + " or exists (select from reminder where state = 'SENDING')")) {
            return found.next() && !found.getBoolean(1);
        } catch (SQLException e) {
            throw new LauncherException("reminders can not be looked at: " + e.getMessage(), e);
        }
    }

    private long count(String condition) {
        return lab.count(NotifierService.DATABASE, "select count(*) from reminder where " + condition);
    }
}
