package io.perennial.sandbox.report;

import io.perennial.sandbox.order.FulfillmentStatus;
import io.perennial.sandbox.order.OrderItem;
import io.perennial.sandbox.order.PlacedOrder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * The document of {@code GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL}: tab separated, a header, one line for each
 * item. It names no order item and no total; an order that is pending has no price, a cancelled one no price and quantity 0.
 */
final class FlatFile {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);
    private static final int BROKEN_ONE_IN = 7;
    private static final int BOMB_MEBIBYTES = 320;
    private static final int SMALL = 20;

    private FlatFile() {}

    /** Small documents are not worth packing. */
    static boolean isPacked(List<PlacedOrder> orders) {
        return orders.size() > SMALL;
    }

    static byte[] of(List<PlacedOrder> orders, Instant now, boolean broken) {
        StringBuilder text = new StringBuilder();
        int lines = 0;
        for (PlacedOrder order : orders) {
            for (OrderItem item : OrderItem.of(order)) {
                Map<String, String> line = line(order, item, now);
                if (text.isEmpty()) {
                    text.append(String.join("\t", line.keySet())).append("\r\n");
                }
                String written = String.join("\t", line.values());
                lines++;
                text.append(broken && lines % BROKEN_ONE_IN == 0 ? broken(written, lines) : written)
                        .append("\r\n");
            }
        }
        byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
        return isPacked(orders) ? packed(content) : content;
    }

    /** A few hundred kilobytes that unpack to hundreds of megabytes; parts of a gzip file may simply follow each other. */
    static byte[] bomb() {
        byte[] header = packed("amazon-order-id\t".getBytes(StandardCharsets.UTF_8));
        byte[] mebibyte = packed(" ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.writeBytes(header);
        for (int i = 0; i < BOMB_MEBIBYTES; i++) {
            bomb.writeBytes(mebibyte);
        }
        return bomb.toByteArray();
    }

    private static String broken(String line, int number) {
        return number % 2 == 0
                ? line.substring(0, line.length() / 3)
                : line.replaceAll("\\d{4}-\\d\\d-\\d\\dT", "yesterday, ");
    }

    private static Map<String, String> line(PlacedOrder order, OrderItem item, Instant now) {
        FulfillmentStatus status = order.statusAt(now);
        boolean cancelled = status == FulfillmentStatus.CANCELLED;
        boolean priced = !cancelled && status != FulfillmentStatus.PENDING;
        String word = word(status);
        Map<String, String> line = new LinkedHashMap<>();
        line.put("amazon-order-id", order.orderId());
        line.put("merchant-order-id", "");
        line.put("purchase-date", time(order.createdTime()));
        line.put("last-updated-date", time(order.lastUpdatedTime(now)));
        line.put("order-status", word);
        line.put("fulfillment-channel", order.fulfilledByAmazon() ? "Amazon" : "Merchant");
        line.put("sales-channel", order.marketplace().title());
        line.put("order-channel", "");
        line.put("url", "");
        line.put("ship-service-level", "Standard");
        line.put("product-name", item.title());
        line.put("sku", item.sellerSku());
        line.put("asin", item.asin());
        line.put("item-status", word);
        line.put("quantity", cancelled ? "0" : Integer.toString(item.quantity()));
        line.put("currency", priced ? order.marketplace().currency() : "");
        line.put("item-price", priced ? item.total().toPlainString() : "");
        line.put("item-tax", "");
        line.put("shipping-price", "");
        line.put("shipping-tax", "");
        line.put("gift-wrap-price", "");
        line.put("gift-wrap-tax", "");
        line.put("item-promotion-discount", "");
        line.put("ship-promotion-discount", "");
        line.put("ship-city", "Sandville");
        line.put("ship-state", "");
        line.put("ship-postal-code", "00000");
        line.put("ship-country", order.marketplace().name());
        line.put("promotion-ids", "");
        line.put("is-business-order", "false");
        line.put("purchase-order-number", "");
        line.put("price-designation", "");
        return line;
    }

    private static String word(FulfillmentStatus status) {
        String name = status.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    private static String time(Instant instant) {
        return TIME.format(instant.atOffset(ZoneOffset.UTC));
    }

    private static byte[] packed(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
