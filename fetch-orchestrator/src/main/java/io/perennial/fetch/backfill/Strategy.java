package io.perennial.fetch.backfill;

/** How a fetch reads its window. */
public enum Strategy {
    /** Page by page ({@code searchOrders}). */
    SEARCH
}
