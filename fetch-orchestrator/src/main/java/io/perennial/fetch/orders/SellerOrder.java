package io.perennial.fetch.orders;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Money;
import io.perennial.contracts.OrderChange;
import io.perennial.contracts.OrderFetched;
import io.perennial.contracts.OrderItem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An order without buyer and address: exactly what is published of it. */
public record SellerOrder(
        String orderId,
        String marketplaceId,
        Instant createdAt,
        Instant updatedAt,
        String status,
        String channel,
        List<OrderItem> items,
        @Nullable Money total) {
    private static final String SEPARATOR = "\u001f";

    public OrderFetched toEvent(ConnectionRef about, UUID fetchId, OrderChange change) {
        return new OrderFetched(
                about, fetchId, change, orderId, marketplaceId, createdAt, updatedAt, status, channel, items, total);
    }

    /** 128 bits of SHA-256 over the published content. Items count in any order, amounts by value. */
    UUID digest() {
        StringJoiner text = new StringJoiner(SEPARATOR)
                .add(marketplaceId)
                .add(createdAt.toString())
                .add(updatedAt.toString())
                .add(status)
                .add(channel)
                .add(text(total));
        items.stream().sorted(Comparator.comparing(OrderItem::orderItemId)).forEach(item -> text.add(item.orderItemId())
                .add(Objects.toString(item.sku(), ""))
                .add(Objects.toString(item.asin(), ""))
                .add(Integer.toString(item.quantity()))
                .add(text(item.price())));
        ByteBuffer hash = ByteBuffer.wrap(sha256(text.toString()));
        return new UUID(hash.getLong(), hash.getLong());
    }

    private static String text(@Nullable Money money) {
        return money == null ? "" : money.amount().stripTrailingZeros().toPlainString() + money.currency();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
