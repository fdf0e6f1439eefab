package io.perennial.fetch.report;

import io.perennial.contracts.Money;
import io.perennial.contracts.OrderItem;
import io.perennial.fetch.orders.SellerOrder;
import io.perennial.fetch.orders.SetAsideOrder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.Charset;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the document of {@code GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL}: a header, then one line for each item of
 * an order, in no promised order.
 *
 * <ul>
 *   <li>Columns are found by name; all others are never looked at.
 *   <li>A broken line sets its whole order aside: half an order is none.
 *   <li>A report has no item ids: lines are numbered {@code line-1} and so on, by sku and asin. It has no total; a price is told
 *       where the line's price divides evenly.
 * </ul>
 */
final class ReportDocumentReader {
    private static final List<String> COLUMNS = List.of(
            "amazon-order-id",
            "purchase-date",
            "last-updated-date",
            "order-status",
            "fulfillment-channel",
            "sales-channel",
            "sku",
            "asin",
            "quantity",
            "currency",
            "item-price");
    private static final Pattern AMOUNT = Pattern.compile("\\d{1,18}(\\.\\d{1,8})?");
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final Pattern QUANTITY = Pattern.compile("\\d{1,9}");
    private static final Pattern NO_WORD = Pattern.compile("[^A-Z0-9]+");
    private static final int LONGEST_TEXT = 200;
    private static final int MOST_NAMELESS = 1000;

    private final Map<String, List<Line>> orders = new HashMap<>();
    private final Map<String, SetAsideOrder> broken = new HashMap<>();
    private final List<SetAsideOrder> nameless = new ArrayList<>();

    /** A line that can be read. */
    private record Line(
            String marketplaceId,
            Instant createdAt,
            Instant updatedAt,
            String status,
            String channel,
            @Nullable String sku,
            @Nullable String asin,
            int quantity,
            @Nullable Money price) {}

    private static final class BrokenLine extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenLine(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    private ReportDocumentReader() {}

    /**
     * Reads a document.
     *
     * @param packed whether it is gzip
     * @param largest bytes that it may have when it is unpacked
     */
    static ReportAnswer read(byte[] content, boolean packed, Charset charset, long largest) {
        try (InputStream file = new ByteArrayInputStream(content);
                InputStream text = packed ? new GZIPInputStream(file, LimitedLines.BLOCK) : file) {
            return new ReportDocumentReader().read(new LimitedLines(text, charset, largest));
        } catch (LimitedLines.TooMuch e) {
            return new ReportAnswer.TooLarge();
        } catch (IOException e) {
            // Cut off, or not packed at all. What was read of it is nothing.
            return new ReportAnswer.Unreadable();
        }
    }

    private ReportAnswer read(LimitedLines lines) throws IOException {
        String header = lines.next();
        List<String> names =
                header == null ? List.of() : List.of(withoutMark(header).split("\t", -1));
        if (!names.containsAll(COLUMNS)) {
            return new ReportAnswer.Unreadable();
        }
        Map<String, Integer> places = new HashMap<>();
        COLUMNS.forEach(name -> places.put(name, names.indexOf(name)));
        int number = 1;
        for (String line = lines.next(); line != null; line = lines.next()) {
            number++;
            if (!line.isBlank()) {
                read(new Fields(line.split("\t", -1), places), names.size(), number);
            }
        }
        orders.keySet().removeAll(broken.keySet());
        boolean nothing = orders.isEmpty() && !(broken.isEmpty() && nameless.isEmpty());
        return nothing ? new ReportAnswer.Unreadable() : document();
    }

    private static String withoutMark(String header) {
        return header.startsWith("\ufeff") ? header.substring(1) : header;
    }

    private ReportAnswer.Document document() {
        List<SellerOrder> read = new ArrayList<>();
        orders.forEach((id, lines) -> read.add(order(id, lines)));
        read.sort(Comparator.comparing(SellerOrder::orderId));
        List<SetAsideOrder> setAside = new ArrayList<>(nameless);
        setAside.addAll(broken.values());
        return new ReportAnswer.Document(read, setAside);
    }

    private void read(Fields fields, int columns, int number) {
        String id = fields.orderId();
        if (id == null) {
            if (nameless.size() < MOST_NAMELESS) {
                nameless.add(new SetAsideOrder(null, "line " + number + " names no order"));
            }
            return;
        }
        try {
            if (fields.count() != columns) {
                throw new BrokenLine("a line has " + fields.count() + " of " + columns + " columns");
            }
            orders.computeIfAbsent(id, unknown -> new ArrayList<>()).add(fields.line());
        } catch (BrokenLine e) {
            broken.putIfAbsent(id, new SetAsideOrder(id, e.reason()));
        }
    }

    /** What lines say of the whole order, the one that was updated last knows best. */
    private static SellerOrder order(String id, List<Line> lines) {
        Line last = lines.stream().max(Comparator.comparing(Line::updatedAt)).orElseThrow();
        List<Line> sorted = lines.stream()
                .sorted(Comparator.comparing((Line line) -> String.valueOf(line.sku()))
                        .thenComparing(line -> String.valueOf(line.asin()))
                        .thenComparing(Line::quantity))
                .toList();
        List<OrderItem> items = new ArrayList<>();
        for (Line line : sorted) {
            items.add(new OrderItem(
                    "line-" + (items.size() + 1), line.sku(), line.asin(), line.quantity(), line.price()));
        }
        return new SellerOrder(
                id,
                last.marketplaceId(),
                last.createdAt(),
                last.updatedAt(),
                last.status(),
                last.channel(),
                List.copyOf(items),
                null);
    }

    /** The wanted columns of a line, by name. */
    private record Fields(String[] values, Map<String, Integer> places) {
        int count() {
            return values.length;
        }

        @Nullable
        String orderId() {
            String id = text("amazon-order-id");
            return SellerOrder.isOrderId(id) ? id : null;
        }

        Line line() throws BrokenLine {
            int quantity = quantity();
            return new Line(
                    SalesChannels.marketplace(text("sales-channel")),
                    instant("purchase-date"),
                    instant("last-updated-date"),
                    status(),
                    word("fulfillment-channel"),
                    optional("sku"),
                    optional("asin"),
                    quantity,
                    price(quantity));
        }

        private String text(String name) {
            Integer place = places.get(name);
            return place == null || place >= values.length ? "" : values[place].strip();
        }

        private Instant instant(String name) throws BrokenLine {
            try {
                return SellerOrder.time(text(name));
            } catch (DateTimeException e) {
                throw new BrokenLine(name + " is not a time");
            }
        }

        /** {@code Shipped - Delivered to Buyer} is a way of being shipped; searches spell the one and other status so. */
        private String status() throws BrokenLine {
            String status = word("order-status");
            if (status.equals("CANCELED")) {
                return "CANCELLED";
            }
            return status.startsWith("SHIPPED_") ? "SHIPPED" : status;
        }

        private String word(String name) throws BrokenLine {
            String word = NO_WORD.matcher(
                            text(name).replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT))
                    .replaceAll("_");
            if (word.isBlank() || word.equals("_") || word.length() > 64) {
                throw new BrokenLine(name + " is not a word");
            }
            return word;
        }

        private @Nullable String optional(String name) throws BrokenLine {
            String text = text(name);
            if (text.length() > LONGEST_TEXT) {
                throw new BrokenLine(name + " is not a short text");
            }
            return text.isEmpty() ? null : text;
        }

        private int quantity() throws BrokenLine {
            String text = text("quantity");
            if (!QUANTITY.matcher(text).matches()) {
                throw new BrokenLine("quantity is not a quantity");
            }
            return Integer.parseInt(text);
        }

        private @Nullable Money price(int quantity) throws BrokenLine {
            String amount = text("item-price");
            String currency = text("currency");
            if (amount.isEmpty()) {
                return null;
            }
            if (!AMOUNT.matcher(amount).matches() || !CURRENCY.matcher(currency).matches()) {
                throw new BrokenLine("item-price is not an amount");
            }
            BigDecimal line = new BigDecimal(amount);
            BigDecimal count = BigDecimal.valueOf(Math.max(1, quantity));
            BigDecimal each = line.divide(count, line.scale(), RoundingMode.HALF_UP);
            return each.multiply(count).compareTo(line) == 0 ? new Money(each, currency) : null;
        }
    }
}
