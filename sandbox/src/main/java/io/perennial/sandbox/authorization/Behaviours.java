package io.perennial.sandbox.authorization;

import io.perennial.sandbox.authorization.Behaviour.LateRenewal;
import io.perennial.sandbox.authorization.Behaviour.OldRefreshToken;
import io.perennial.sandbox.authorization.Behaviour.SubscriptionsAfterEnd;
import io.perennial.sandbox.database.Database;
import jakarta.inject.Singleton;

@Singleton
class Behaviours {

    private final Database database;

    Behaviours(Database database) {
        this.database = database;
    }

    Behaviour current() {
        return database.first(
                        "select old_refresh_token, late_renewal, subscriptions from behaviour",
                        row -> new Behaviour(
                                OldRefreshToken.valueOf(row.text("old_refresh_token")),
                                LateRenewal.valueOf(row.text("late_renewal")),
                                SubscriptionsAfterEnd.valueOf(row.text("subscriptions"))))
                .orElse(Behaviour.DEFAULT);
    }

    void change(Behaviour behaviour) {
        database.update(
                """
                insert into behaviour (old_refresh_token, late_renewal, subscriptions) values (?, ?, ?)
                on conflict (only_row) do update
                    set old_refresh_token = excluded.old_refresh_token, late_renewal = excluded.late_renewal,
                        subscriptions = excluded.subscriptions
                """,
                behaviour.oldRefreshToken().name(),
                behaviour.lateRenewal().name(),
                behaviour.subscriptions().name());
    }
}
