package io.perennial.merchants.year;

import io.perennial.launcher.stack.Stack;
import io.perennial.launcher.stack.StackService;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/**
 * Knows when everything that a move of the clock made due is announced, decided, mailed and, where somebody fetches, fetched.
 * The clock must not move before, or what happens in a step would depend on how fast the machine is.
 */
final class Quiet implements AutoCloseable {
    private final Tables tables;
    private final Admin broker;
    private final String tenant;
    private final boolean fetching;

    Quiet(Stack stack, Tables tables, String tenant) {
        this.tables = tables;
        this.broker = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()));
        this.tenant = tenant;
        this.fetching =
                stack.part(StackService.FETCH_ORCHESTRATOR.processName()).alive();
    }

    boolean fetching() {
        return fetching;
    }

    void await(Instant now, Listener listener, Consumer<Told> heard) {
        tables.awaitNone(
                StackService.TOKEN_MONITOR,
                "select count(*) from watched_connection where next_due_at <= '%s'".formatted(now));
        awaitPublished(StackService.TOKEN_MONITOR);
        Backlog.awaitHandled(broker, listener, heard, List.of("auth-service"));
        tables.awaitNone(
                StackService.AUTH_SERVICE,
                """
                select count(*) from connection
                 where tenant_id = '%s' and state in ('ACTIVE', 'SUSPECT') and ends_at <= '%s'
                """
                        .formatted(tenant, now.minusSeconds(1)));
        awaitPublished(StackService.AUTH_SERVICE);
        if (fetching) {
            awaitFetched(now, listener, heard);
        }
        Backlog.awaitHandled(broker, listener, heard, List.of("token-monitor", "notifier"));
        tables.awaitNone(
                StackService.NOTIFIER,
                "select count(*) from reminder where tenant_id = '%s' and state in ('PENDING', 'SENDING')"
                        .formatted(tenant));
        awaitPublished(StackService.NOTIFIER);
        listener.upToNow(heard);
    }

    private void awaitFetched(Instant now, Listener listener, Consumer<Told> heard) {
        Backlog.awaitHandled(broker, listener, heard, List.of("fetch-orchestrator"));
        tables.awaitNone(
                StackService.FETCH_ORCHESTRATOR,
                "select count(*) from connection_view where tenant_id = '%s' and next_daily_at <= '%s'"
                        .formatted(tenant, now));
        tables.awaitNone(
                StackService.FETCH_ORCHESTRATOR,
                """
                select count(*) from fetch_job
                 where tenant_id = '%s' and state in ('WAITING', 'RUNNING')
                   and (next_attempt_at is null or next_attempt_at <= '%s')
                """
                        .formatted(tenant, now));
        awaitPublished(StackService.FETCH_ORCHESTRATOR);
    }

    private void awaitPublished(StackService service) {
        tables.awaitNone(service, "select count(*) from outbox");
    }

    @Override
    public void close() {
        broker.close();
    }
}
