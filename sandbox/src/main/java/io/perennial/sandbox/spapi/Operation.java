package io.perennial.sandbox.spapi;

/**
 * The operations and their published usage plans, from the models; searchOrders' 0.0056 is one request in 180 s, the reports' 0.0167
 * one in 60 and 0.0222 one in 45.
 */
public enum Operation {
    SEARCH_ORDERS("searchOrders", 1.0 / 180, 20, "0.0056"),
    GET_ORDER("getOrder", 0.5, 30, "0.5"),
    GET_MARKETPLACE_PARTICIPATIONS("getMarketplaceParticipations", 0.016, 15, "0.016"),
    GET_SUBSCRIPTION("getSubscription", 1, 5, "1.0"),
    CREATE_REPORT("createReport", 1.0 / 60, 15, "0.0167"),
    GET_REPORT("getReport", 2, 15, "2"),
    GET_REPORTS("getReports", 1.0 / 45, 10, "0.0222"),
    GET_REPORT_DOCUMENT("getReportDocument", 1.0 / 60, 15, "0.0167");

    private final String id;
    private final double rate;
    private final int burst;
    private final String publishedRate;

    Operation(String id, double rate, int burst, String publishedRate) {
        this.id = id;
        this.rate = rate;
        this.burst = burst;
        this.publishedRate = publishedRate;
    }

    String id() {
        return id;
    }

    /** Status of an answer that grants what was asked for. */
    int success() {
        return this == CREATE_REPORT ? 202 : 200;
    }

    /** Requests per second. */
    double rate() {
        return rate;
    }

    int burst() {
        return burst;
    }

    /** As the rate header prints it. */
    String publishedRate() {
        return publishedRate;
    }
}
