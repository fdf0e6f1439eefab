package io.perennial.fetch.backfill;

import io.perennial.fetch.orders.SellerOrder;
import io.perennial.fetch.orders.SetAsideOrder;
import io.perennial.fetch.report.ReportAnswer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Orders of a document that are stored together, in the order of their ids. There is always a last one, even if it is empty.
 *
 * @param setAside all of the document, with the last orders
 * @param ofAll orders that the whole document has
 */
record ReportPart(List<SellerOrder> orders, List<SetAsideOrder> setAside, boolean isLast, int ofAll) {

    static List<ReportPart> of(ReportAnswer.Document document, List<SellerOrder> left, int size) {
        int all = document.orders().size();
        List<ReportPart> parts = new ArrayList<>();
        int from = 0;
        while (left.size() - from > size) {
            parts.add(new ReportPart(left.subList(from, from + size), List.of(), false, all));
            from += size;
        }
        parts.add(new ReportPart(left.subList(from, left.size()), document.setAside(), true, all));
        return parts;
    }

    @Nullable
    String lastOrderId() {
        return orders.isEmpty() ? null : orders.get(orders.size() - 1).orderId();
    }
}
