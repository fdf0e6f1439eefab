package io.perennial.sandbox.subscription;

import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.database.Transaction;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/** At most one of each kind for an account and an application. */
@Singleton
public class Subscriptions {

    private final Database database;

    Subscriptions(Database database) {
        this.database = database;
    }

    public Optional<Subscription> find(String sellerId, String applicationId, String notificationType) {
        return database.first(
                """
                select subscription_id, destination_id from subscription
                where seller_id = ? and application_id = ? and notification_type = ?
                """,
                row -> new Subscription(
                        UUID.fromString(row.text("subscription_id")), UUID.fromString(row.text("destination_id"))),
                sellerId,
                applicationId,
                notificationType);
    }

    /** One that exists stays as it is. */
    void subscribe(String sellerId, String applicationId, String notificationType) {
        database.update(
                """
                insert into subscription (seller_id, application_id, notification_type, subscription_id, destination_id)
                values (?, ?, ?, ?, ?) on conflict (seller_id, application_id, notification_type) do nothing
                """,
                sellerId,
                applicationId,
                notificationType,
                UUID.randomUUID(),
                UUID.randomUUID());
    }

    void unsubscribe(String sellerId, String applicationId, String notificationType) {
        database.update(
                "delete from subscription where seller_id = ? and application_id = ? and notification_type = ?",
                sellerId,
                applicationId,
                notificationType);
    }

    /** All that the application is told of the account ends. */
    public static void vanish(Transaction tx, String sellerId, String applicationId) {
        tx.update("delete from subscription where seller_id = ? and application_id = ?", sellerId, applicationId);
    }
}
