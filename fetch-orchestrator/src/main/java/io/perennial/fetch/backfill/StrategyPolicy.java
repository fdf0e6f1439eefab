package io.perennial.fetch.backfill;

import io.perennial.fetch.connectionview.ConnectionView;
import io.perennial.fetch.orders.OrdersConfig;
import io.perennial.fetch.quota.QuotaConfig;
import io.perennial.fetch.report.ReportsClient;
import io.perennial.fetch.report.ReportsConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the way by which the last order of a window arrives sooner.
 *
 * <ul>
 *   <li>Pages: our part of the burst at once, then one for each spacing of our share.
 *   <li>Reports: one after the other, each as long as Amazon is expected to need, and never more than the quota lets through.
 *   <li>A tie, and anything near one, goes to pages: they deliver from the first minute on and tell more of an order. Where
 *       nothing is known of the seller, too.
 * </ul>
 */
final class StrategyPolicy {
    private static final double DAY = Duration.ofDays(1).toMillis();

    private final QuotaConfig quota;
    private final OrdersConfig pages;
    private final ReportsConfig reports;

    StrategyPolicy(QuotaConfig quota, OrdersConfig pages, ReportsConfig reports) {
        this.quota = quota;
        this.pages = pages;
        this.reports = reports;
    }

    /**
     * A decision.
     *
     * @param bySearch how long pages would take; null if nothing is known of the seller
     * @param byReport how long reports would take
     */
    record Choice(
            Strategy strategy,
            @Nullable StrategyReason reason,
            @Nullable Duration bySearch,
            @Nullable Duration byReport) {
        /** Where there is nothing to choose. */
        static Choice only(Strategy strategy) {
            return new Choice(strategy, null, null, null);
        }
    }

    /** @param ordersPerDay null if nothing is known */
    Choice choose(Duration window, @Nullable Double ordersPerDay, List<String> marketplaces) {
        if (!reports.enabled()) {
            return search(StrategyReason.REPORTS_OFF);
        }
        if (marketplaces.contains(ConnectionView.EVERY_MARKETPLACE)
                || marketplaces.size() > ReportsClient.MOST_MARKETPLACES) {
            return search(StrategyReason.MARKETPLACES_UNKNOWN);
        }
        if (ordersPerDay == null) {
            return search(StrategyReason.VOLUME_UNKNOWN);
        }
        double days = window.toMillis() / DAY;
        Duration bySearch = bySearch(days * ordersPerDay);
        Duration byReport = byReport(days, ordersPerDay);
        return byReport.plus(reports.smallestGain()).compareTo(bySearch) <= 0
                ? new Choice(Strategy.REPORT, StrategyReason.REPORT_SOONER, bySearch, byReport)
                : new Choice(Strategy.SEARCH, StrategyReason.SEARCH_SOON_ENOUGH, bySearch, byReport);
    }

    static Choice search(StrategyReason reason) {
        return new Choice(Strategy.SEARCH, reason, null, null);
    }

    private Duration bySearch(double orders) {
        double requests = Math.max(1, Math.ceil(orders / pages.pageSize()));
        return throughQuota(requests, quota.burst(), quota.spacing());
    }

    private Duration byReport(double days, double ordersPerDay) {
        double daysEach = Math.min(
                reports.longestWindow().toMillis() / DAY,
                ordersPerDay > 0 ? reports.mostOrders() / ordersPerDay : Double.POSITIVE_INFINITY);
        double requests = Math.max(1, Math.ceil(days / daysEach));
        Duration made = times(reports.expectedProcessing(), requests);
        Duration let = throughQuota(requests, reports.burst(), reports.spacing());
        return made.compareTo(let) < 0 ? let : made;
    }

    private Duration throughQuota(double requests, int burst, Duration spacing) {
        double atOnce = Math.max(1, Math.floor(burst * quota.share() + 1e-9));
        return times(spacing, Math.max(0, requests - atOnce) / quota.share());
    }

    private static Duration times(Duration duration, double factor) {
        return Duration.ofMillis((long)
                Math.min(duration.toMillis() * factor, Duration.ofDays(36_500).toMillis()));
    }
}
