package io.perennial.fetch.report;

import io.perennial.fetch.orders.ProviderAnswer;
import io.perennial.fetch.orders.SellerOrder;
import io.perennial.fetch.orders.SetAsideOrder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an answer about a report means. */
public sealed interface ReportAnswer extends ProviderAnswer.Content {
    /** Amazon takes the order. */
    record Ordered(String reportId) implements ReportAnswer {}

    /** Amazon has no report of the window that was ordered lately. */
    record NeverOrdered() implements ReportAnswer {}

    /** Queued or being made. */
    record NotReady() implements ReportAnswer {}

    /**
     * There is a document.
     *
     * @param from beginning of the window that it really has; null if Amazon does not say
     * @param to end of that window
     */
    record Ready(String documentId, @Nullable Instant from, @Nullable Instant to) implements ReportAnswer {}

    /** Amazon gave up. */
    record Fatal() implements ReportAnswer {}

    /** There is nothing in it, or somebody cancelled it, or there were too many: Amazon does not say (models issue 1991). */
    record Cancelled() implements ReportAnswer {}

    /** Amazon does not know the report or document (any more): documents are kept 30 days. */
    record Gone() implements ReportAnswer {}

    /** Amazon does not make such a report. */
    record NotOffered() implements ReportAnswer {}

    /** The link to the document is dead. */
    record LinkDead() implements ReportAnswer {}

    /** The document is larger than allowed, as it is or unpacked. */
    record TooLarge() implements ReportAnswer {}

    /** What came is no such document. */
    record Unreadable() implements ReportAnswer {}

    /**
     * The orders, each once.
     *
     * @param setAside those of which a line could not be read, and lines that name no order
     */
    record Document(List<SellerOrder> orders, List<SetAsideOrder> setAside) implements ReportAnswer {}
}
