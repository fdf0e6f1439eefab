package io.perennial.contracts;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An order that is new or has changed since it was last published. Without buyer and address. */
public record OrderFetched(
        ConnectionRef about,
        UUID fetchId,
        OrderChange change,
        String orderId,
        String marketplaceId,
        Instant createdAt,
        Instant updatedAt,
        String status,
        String channel,
        List<OrderItem> items,
        @Nullable Money total)
        implements ConnectionEvent {}
