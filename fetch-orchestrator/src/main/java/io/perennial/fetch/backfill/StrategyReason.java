package io.perennial.fetch.backfill;

/** Why a fetch was planned to read by pages or by reports: a stable code, and the same in plain words. */
enum StrategyReason {
    REPORT_SOONER("Reports are through sooner than pages."),
    SEARCH_SOON_ENOUGH("Pages are through soon enough."),
    VOLUME_UNKNOWN("How much the seller sells is not known yet, so the orders are read page by page."),
    MARKETPLACES_UNKNOWN(
            "A report needs the seller's marketplaces by name, at most 25, so the orders are read page by page."),
    REPORTS_TOO_SHORT("Order reports reach back two years and no further, so the orders are read page by page."),
    REPORTS_OFF("Reports are switched off, so the orders are read page by page.");

    private final String message;

    StrategyReason(String message) {
        this.message = message;
    }

    String message() {
        return message;
    }
}
