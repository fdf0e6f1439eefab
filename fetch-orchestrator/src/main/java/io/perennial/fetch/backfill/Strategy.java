package io.perennial.fetch.backfill;

/** How a fetch reads its window. */
public enum Strategy {
    /** Page by page ({@code searchOrders}). */
    SEARCH,
    /** From reports of up to 30 days each. */
    REPORT,
    /** A snapshot of the chosen advertising profiles ({@code listProfiles}). */
    PROFILES
}
