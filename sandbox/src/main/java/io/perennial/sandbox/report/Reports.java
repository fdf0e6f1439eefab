package io.perennial.sandbox.report;

import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.database.Row;
import io.perennial.sandbox.fault.Fault;
import io.perennial.sandbox.fault.FaultKind;
import io.perennial.sandbox.fault.Faults;
import io.perennial.sandbox.order.OrderBook;
import io.perennial.sandbox.order.OrderQuery;
import io.perennial.sandbox.order.PlacedOrder;
import io.perennial.sandbox.seed.Dice;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import io.perennial.sandbox.spapi.Caller;
import io.perennial.sandbox.spapi.SpApiRefusal;
import io.perennial.sandbox.token.OpaqueToken;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reports and the links to their documents: whose they are, how far they have come, what is in them. */
@Singleton
class Reports {

    private static final Duration LINK_LIFE = Duration.ofMinutes(5);
    private static final Duration KEPT = Duration.ofDays(30);
    private static final Fault.Call CREATION = new Fault.Call("sp-api", "createReport", null);

    private final Database database;
    private final OrderBook book;
    private final SellingPartners partners;
    private final Faults faults;
    private final SandboxClock clock;

    Reports(Database database, OrderBook book, SellingPartners partners, Faults faults, SandboxClock clock) {
        this.database = database;
        this.book = book;
        this.partners = partners;
        this.faults = faults;
        this.clock = clock;
    }

    /** Small order reports took three to five minutes when somebody noted it (models issue 2258). */
    long create(Caller caller, ReportOrder order) {
        Instant now = clock.instant();
        String documentId = OpaqueToken.random("amzn1.spdoc.1.4.", 24).reveal();
        Dice dice = new Dice(documentId.hashCode());
        Instant started = now.plusSeconds(dice.between(1, 20, 60));
        return database.first(
                        """
                        insert into report (seller_id, application_id, at_home, report_type, marketplace_ids, data_start, data_end,
                                            created_at, started_at, ended_at, planned_end, document_id)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id
                        """,
                        row -> row.number("id"),
                        caller.account().sellerId(),
                        caller.applicationId(),
                        caller.isAtHome(),
                        order.type(),
                        String.join(",", order.marketplaceIds()),
                        order.dataStart(),
                        order.dataEnd(),
                        now,
                        started,
                        started.plusSeconds(dice.between(2, 120, 240)),
                        plannedEnd(),
                        documentId)
                .orElseThrow();
    }

    private @Nullable String plannedEnd() {
        if (faults.strike(CREATION, FaultKind.FATAL_REPORT)) {
            return "FATAL";
        }
        return faults.strike(CREATION, FaultKind.CANCELLED_REPORT) ? "CANCELLED" : null;
    }

    Report get(Caller caller, String reportId) {
        return database.first(
                        "select * from report where id::text = ? and seller_id = ? and application_id = ?",
                        Reports::read,
                        reportId,
                        caller.account().sellerId(),
                        caller.applicationId())
                .orElseThrow(() -> SpApiRefusal.notFound("The report was not found."));
    }

    /** Those of his reports that the caller wants, the youngest first, and one more than a page has. */
    List<Report> list(Caller caller, ReportFilter filter) {
        return database
                .list(
                        """
                        select * from report
                        where seller_id = ? and application_id = ? and id < ? and created_at between ? and ? order by id desc
                        """,
                        Reports::read,
                        caller.account().sellerId(),
                        caller.applicationId(),
                        filter.before(),
                        filter.since(),
                        filter.until())
                .stream()
                .filter(report -> filter.wants(report, status(report)))
                .limit(filter.pageSize() + 1L)
                .toList();
    }

    /** The report of a document that somebody may fetch. */
    Report withDocument(Caller caller, String documentId) {
        Instant now = clock.instant();
        return database.first(
                        "select * from report where document_id = ? and seller_id = ? and application_id = ?",
                        Reports::read,
                        documentId,
                        caller.account().sellerId(),
                        caller.applicationId())
                .filter(report -> status(report).equals("DONE")
                        && now.isBefore(report.endedAt().plus(KEPT)))
                .orElseThrow(() -> SpApiRefusal.notFound("The document was not found."));
    }

    String status(Report report) {
        Instant now = clock.instant();
        if (!report.isEnded(now)) {
            return report.isQueued(now) ? "IN_QUEUE" : "IN_PROGRESS";
        }
        if (report.plannedEnd() != null) {
            return report.plannedEnd();
        }
        return read(report, 1).isEmpty() ? "CANCELLED" : "DONE";
    }

    List<PlacedOrder> orders(Report report) {
        return read(report, Integer.MAX_VALUE);
    }

    private List<PlacedOrder> read(Report report, int limit) {
        if (!report.atHome()) {
            return List.of();
        }
        OrderQuery query = new OrderQuery(
                partners.get(report.sellerId()),
                OrderQuery.Axis.UPDATED,
                report.dataStart(),
                report.dataEnd(),
                order -> order.isRememberedAt(report.endedAt())
                        && report.marketplaceIds().contains(order.marketplace().id()),
                null);
        return book.read(query, limit, report.endedAt());
    }

    /** A fresh secret that opens the document for five minutes. */
    String link(Report report) {
        Instant now = clock.instant();
        OpaqueToken link = OpaqueToken.random("", 30);
        database.update(
                "insert into report_link (link_hash, report_id, expires_at) values (?, ?, ?)",
                link.hash(),
                report.id(),
                now.plus(LINK_LIFE));
        database.update("delete from report_link where expires_at <= ?", now.minus(KEPT));
        return link.reveal();
    }

    Optional<Report> behind(String link) {
        return database.first(
                """
                select r.* from report_link l join report r on r.id = l.report_id where l.link_hash = ? and l.expires_at > ?
                """,
                Reports::read,
                OpaqueToken.hash(link),
                clock.instant());
    }

    private static Report read(Row row) {
        return new Report(
                row.number("id"),
                row.text("seller_id"),
                row.flag("at_home"),
                row.text("report_type"),
                List.of(row.text("marketplace_ids").split(",")),
                row.instant("data_start"),
                row.instant("data_end"),
                row.instant("created_at"),
                row.instant("started_at"),
                row.instant("ended_at"),
                row.findText("planned_end"),
                row.text("document_id"));
    }
}
