package io.perennial.fetch.orders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.perennial.contracts.Money;
import io.perennial.contracts.OrderItem;
import io.perennial.inbox.EventSanity;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a page of orders (orders_2026-01-01, {@code SearchOrdersResponse}). An order that can not be read is set aside
 * with the reason; it does not spoil the page. Statuses that are new to us are passed on as they are.
 */
final class OrderPageReader {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_]{1,64}");
    private static final Pattern AMOUNT = Pattern.compile("-?\\d{1,18}(\\.\\d{1,8})?");
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final int LONGEST_TEXT = 200;
    private static final int LONGEST_TOKEN = 8192;
    private static final String UNKNOWN = "UNKNOWN";

    /** Why an order was set aside; the message names the field. */
    private static final class UnreadableOrder extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableOrder(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    private OrderPageReader() {}

    /** Empty if this is no page of orders at all. */
    static Optional<ProviderAnswer.Page> read(byte[] body) {
        try {
            JsonNode root = JSON.readTree(body);
            JsonNode orders = root == null ? null : root.get("orders");
            if (orders == null || !orders.isArray()) {
                return Optional.empty();
            }
            JsonNode token = root.path("pagination").path("nextToken");
            if (!token.isMissingNode() && !token.isNull() && !isToken(token)) {
                return Optional.empty();
            }
            return Optional.of(page(orders, token.isTextual() ? token.textValue() : null, root));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("Reading from memory can not fail", e);
        }
    }

    private static boolean isToken(JsonNode token) {
        return token.isTextual()
                && !token.textValue().isEmpty()
                && token.textValue().length() <= LONGEST_TOKEN;
    }

    private static ProviderAnswer.Page page(JsonNode orders, @Nullable String nextToken, JsonNode root) {
        Map<String, SellerOrder> read = new HashMap<>();
        List<SetAsideOrder> setAside = new ArrayList<>();
        for (JsonNode node : orders) {
            try {
                SellerOrder order = order(node);
                read.merge(order.orderId(), order, OrderPageReader::later);
            } catch (UnreadableOrder e) {
                setAside.add(new SetAsideOrder(idIfAny(node), e.reason()));
            }
        }
        return new ProviderAnswer.Page(List.copyOf(read.values()), setAside, nextToken, answeredTo(root));
    }

    private static SellerOrder later(SellerOrder one, SellerOrder other) {
        return other.updatedAt().isAfter(one.updatedAt()) ? other : one;
    }

    private static SellerOrder order(JsonNode node) throws UnreadableOrder {
        JsonNode fulfillment = node.path("fulfillment");
        return new SellerOrder(
                orderId(node),
                word(node.path("salesChannel"), "marketplaceId"),
                instant(node, "createdTime"),
                instant(node, "lastUpdatedTime"),
                word(fulfillment, "fulfillmentStatus"),
                word(fulfillment, "fulfilledBy"),
                items(node),
                money(node.path("proceeds").path("grandTotal"), "proceeds.grandTotal"));
    }

    private static String orderId(JsonNode node) throws UnreadableOrder {
        String id = required(node, "orderId");
        if (!SellerOrder.isOrderId(id)) {
            throw new UnreadableOrder("orderId has not the form it should have");
        }
        return id;
    }

    private static List<OrderItem> items(JsonNode node) throws UnreadableOrder {
        JsonNode array = node.path("orderItems");
        if (!array.isArray()) {
            throw new UnreadableOrder("orderItems is missing");
        }
        List<OrderItem> items = new ArrayList<>();
        for (JsonNode item : array) {
            JsonNode product = item.path("product");
            items.add(new OrderItem(
                    required(item, "orderItemId"),
                    optional(product, "sellerSku"),
                    optional(product, "asin"),
                    quantity(item),
                    money(product.path("price").path("unitPrice"), "product.price.unitPrice")));
        }
        return List.copyOf(items);
    }

    private static int quantity(JsonNode item) throws UnreadableOrder {
        JsonNode quantity = item.path("quantityOrdered");
        if (!quantity.isIntegralNumber() || !quantity.canConvertToInt() || quantity.intValue() < 0) {
            throw new UnreadableOrder("quantityOrdered is not a quantity");
        }
        return quantity.intValue();
    }

    private static @Nullable Money money(JsonNode node, String field) throws UnreadableOrder {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        String amount = node.path("amount").asText("");
        String currency = node.path("currencyCode").asText("");
        if (!AMOUNT.matcher(amount).matches() || !CURRENCY.matcher(currency).matches()) {
            throw new UnreadableOrder(field + " is not an amount");
        }
        return new Money(new BigDecimal(amount), currency);
    }

    private static Instant instant(JsonNode node, String field) throws UnreadableOrder {
        try {
            return SellerOrder.time(required(node, field));
        } catch (DateTimeException e) {
            throw new UnreadableOrder(field + " is not a time");
        }
    }

    /** A time that can not be is kept from the database: what lies ahead of all others is no bound. */
    private static @Nullable Instant answeredTo(JsonNode root) {
        JsonNode text = root.path("lastUpdatedBefore");
        try {
            if (!text.isTextual()) {
                return null;
            }
            OffsetDateTime bound = OffsetDateTime.parse(text.textValue());
            if (EventSanity.isPossible(bound.toInstant())) {
                return bound.toInstant();
            }
            return bound.getYear() < 2000 ? Instant.EPOCH : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String word(JsonNode node, String field) throws UnreadableOrder {
        return node.path(field).isMissingNode() ? UNKNOWN : matching(node, field, WORD);
    }

    private static String matching(JsonNode node, String field, Pattern form) throws UnreadableOrder {
        String text = required(node, field);
        if (!form.matcher(text).matches()) {
            throw new UnreadableOrder(field + " has not the form it should have");
        }
        return text;
    }

    private static String required(JsonNode node, String field) throws UnreadableOrder {
        String text = optional(node, field);
        if (text == null) {
            throw new UnreadableOrder(field + " is missing");
        }
        return text;
    }

    private static @Nullable String optional(JsonNode node, String field) throws UnreadableOrder {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()
                || value.textValue().length() > LONGEST_TEXT
                || value.textValue().isBlank()) {
            throw new UnreadableOrder(field + " is not a short text");
        }
        return value.textValue();
    }

    private static @Nullable String idIfAny(JsonNode node) {
        String id = node.path("orderId").asText("");
        return SellerOrder.isOrderId(id) ? id : null;
    }
}
