package io.perennial.fetch.backfill;

/** How a fetch reads its window. */
public enum Strategy {
    /** Page by page ({@code searchOrders}). */
    SEARCH,
    /** A snapshot of the chosen advertising profiles ({@code listProfiles}). */
    PROFILES
}
