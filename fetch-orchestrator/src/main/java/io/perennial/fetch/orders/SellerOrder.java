package io.perennial.fetch.orders;

import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.Money;
import io.perennial.contracts.OrderChange;
import io.perennial.contracts.OrderFetched;
import io.perennial.contracts.OrderItem;
import io.perennial.inbox.EventSanity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An order without buyer and address: exactly what is published of it, from whichever source. */
public record SellerOrder(
        String orderId,
        String marketplaceId,
        Instant createdAt,
        Instant updatedAt,
        String status,
        String channel,
        List<OrderItem> items,
        @Nullable Money total) {
    // Amazon's ids are 3-7-7 digits; orders of other channels begin with letters (S01-...).
    private static final Pattern ORDER_ID = Pattern.compile("[0-9A-Z]{3}-\\d{7}-\\d{7}");
    private static final String SEPARATOR = "\u001f";

    /** Whether a text has the form of an order id. */
    public static boolean isOrderId(String text) {
        return ORDER_ID.matcher(text).matches();
    }

    /**
     * A time of an order, as Amazon writes it.
     *
     * @throws DateTimeException if it is none, or one that an event could not carry: it would spoil all that comes with it
     */
    public static Instant time(String text) {
        Instant time = OffsetDateTime.parse(text).toInstant();
        if (!EventSanity.isPossible(time)) {
            throw new DateTimeException("No order is of the year that is told");
        }
        return time;
    }

    public OrderFetched toEvent(ConnectionRef about, UUID fetchId, OrderChange change) {
        return new OrderFetched(
                about, fetchId, change, orderId, marketplaceId, createdAt, updatedAt, status, channel, items, total);
    }

    /**
     * 128 bits of SHA-256 over what both searches and reports tell: whichever brings an order again, nothing is published for
     * it. Times count in seconds, items in any order and without their ids, quantities unless the order is cancelled (a report
     * then tells none). Whatever else changes, changes the update time too.
     */
    public UUID digest() {
        StringJoiner text = new StringJoiner(SEPARATOR)
                .add(marketplaceId)
                .add(createdAt.truncatedTo(ChronoUnit.SECONDS).toString())
                .add(updatedAt.truncatedTo(ChronoUnit.SECONDS).toString())
                .add(status)
                .add(channel);
        items.stream().map(this::text).sorted().forEach(text::add);
        ByteBuffer hash = ByteBuffer.wrap(sha256(text.toString()));
        return new UUID(hash.getLong(), hash.getLong());
    }

    private String text(OrderItem item) {
        return String.join(
                SEPARATOR,
                Objects.toString(item.sku(), ""),
                Objects.toString(item.asin(), ""),
                status.equals("CANCELLED") ? "" : Integer.toString(item.quantity()));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
