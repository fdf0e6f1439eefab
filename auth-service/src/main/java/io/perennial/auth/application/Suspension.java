package io.perennial.auth.application;

import io.perennial.auth.audit.AuditKind;
import io.perennial.auth.audit.AuditLine;
import io.perennial.auth.audit.AuditTrail;
import io.perennial.auth.persistence.Transactions;
import io.perennial.clock.DomainClock;
import io.perennial.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Stops every use of an application's tokens, and lets it go on. Nobody keeps the answer: each use reads the row, so the
 * commit counts on every replica at once.
 */
@ApplicationScoped
class Suspension {
    private final Transactions transactions;
    private final AuditTrail audit;
    private final DomainClock clock;

    Suspension(Transactions transactions, AuditTrail audit, DomainClock clock) {
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    Uni<Void> suspend(UUID app, String actor) {
        return change(
                app,
                "update app set suspended_at = coalesce(suspended_at, :at), suspended_by = coalesce(suspended_by, :actor)"
                        + " where id = :app",
                AuditKind.APP_SUSPENDED,
                actor);
    }

    Uni<Void> resume(UUID app, String actor) {
        return change(
                app,
                "update app set suspended_at = null, suspended_by = null where id = :app"
                        + " and cast(:at as timestamptz) is not null and cast(:actor as text) is not null",
                AuditKind.APP_RESUMED,
                actor);
    }

    private Uni<Void> change(UUID app, String sql, AuditKind kind, String actor) {
        return transactions.in(session -> update(session, app, sql, actor)
                .chain(() ->
                        audit.add(session, AuditLine.general(kind, null, actor, app.toString(), clock.instant()))));
    }

    private Uni<Void> update(Mutiny.Session session, UUID app, String sql, String actor) {
        return session.createNativeQuery(sql)
                .setParameter("app", app)
                .setParameter("at", clock.instant())
                .setParameter("actor", actor)
                .executeUpdate()
                .invoke(changed -> {
                    if (changed == 0) {
                        throw ProblemException.notFound();
                    }
                })
                .replaceWithVoid();
    }
}
