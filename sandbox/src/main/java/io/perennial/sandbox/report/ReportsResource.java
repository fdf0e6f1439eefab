package io.perennial.sandbox.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.sandbox.clock.SandboxClock;
import io.perennial.sandbox.spapi.Operation;
import io.perennial.sandbox.spapi.SpApi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Path("/sp-api/{region}/reports/2021-06-30")
class ReportsResource {

    record Created(String reportId) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            List<String> marketplaceIds,
            String reportId,
            String reportType,
            Instant dataStartTime,
            Instant dataEndTime,
            Instant createdTime,
            String processingStatus,
            @Nullable Instant processingStartTime,
            @Nullable Instant processingEndTime,
            @Nullable String reportDocumentId) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Listing(List<View> reports, @Nullable String nextToken) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Document(String reportDocumentId, String url, @Nullable String compressionAlgorithm) {}

    private final SpApi api;
    private final Reports reports;
    private final ObjectMapper json;
    private final SandboxClock clock;

    ReportsResource(SpApi api, Reports reports, ObjectMapper json, SandboxClock clock) {
        this.api = api;
        this.reports = reports;
        this.json = json;
        this.clock = clock;
    }

    @POST
    @Path("/reports")
    public Response createReport(String region, @Context HttpHeaders headers, String body) {
        return api.call(
                Operation.CREATE_REPORT,
                region,
                headers,
                caller -> new Created(Long.toString(
                        reports.create(caller, ReportOrder.of(json, body, caller.endpoint(), clock.instant())))));
    }

    @GET
    @Path("/reports")
    public Response getReports(String region, @Context HttpHeaders headers, @Context UriInfo uri) {
        return api.call(Operation.GET_REPORTS, region, headers, caller -> {
            ReportFilter filter = ReportFilter.of(uri.getQueryParameters(), clock.instant());
            List<Report> found = reports.list(caller, filter);
            List<Report> page = found.subList(0, Math.min(found.size(), filter.pageSize()));
            return new Listing(
                    page.stream().map(this::view).toList(),
                    found.size() > page.size()
                            ? filter.tokenAfter(page.get(page.size() - 1).id())
                            : null);
        });
    }

    @GET
    @Path("/reports/{reportId}")
    public Response getReport(String region, String reportId, @Context HttpHeaders headers) {
        return api.call(Operation.GET_REPORT, region, headers, caller -> view(reports.get(caller, reportId)));
    }

    @GET
    @Path("/documents/{documentId}")
    public Response getReportDocument(
            String region, String documentId, @Context HttpHeaders headers, @Context UriInfo uri) {
        return api.call(Operation.GET_REPORT_DOCUMENT, region, headers, caller -> {
            Report report = reports.withDocument(caller, documentId);
            String url = uri.getBaseUri()
                    .resolve("/report-documents/" + reports.link(report))
                    .toString();
            boolean packed = FlatFile.isPacked(reports.orders(report));
            return new Document(documentId, url, packed ? "GZIP" : null);
        });
    }

    private View view(Report report) {
        Instant now = clock.instant();
        String status = reports.status(report);
        return new View(
                report.marketplaceIds(),
                Long.toString(report.id()),
                report.type(),
                report.dataStart(),
                report.dataEnd(),
                report.createdAt(),
                status,
                report.isQueued(now) ? null : report.startedAt(),
                report.isEnded(now) ? report.endedAt() : null,
                status.equals("DONE") ? report.documentId() : null);
    }
}
