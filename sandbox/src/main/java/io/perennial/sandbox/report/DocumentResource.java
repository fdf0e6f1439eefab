package io.perennial.sandbox.report;

import io.perennial.sandbox.calllog.CallRecord;
import io.perennial.sandbox.fault.Fault;
import io.perennial.sandbox.fault.FaultKind;
import io.perennial.sandbox.fault.Faults;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Where links to documents lead: a store of files that asks for no token and knows no quota. */
@Path("/report-documents/{link}")
class DocumentResource {

    private static final Fault.Call DOWNLOAD = new Fault.Call("sp-api", "downloadReport", null);

    private final Reports reports;
    private final Faults faults;
    private final CallRecord call;

    DocumentResource(Reports reports, Faults faults, CallRecord call) {
        this.reports = reports;
        this.faults = faults;
        this.call = call;
    }

    @GET
    public Response download(String link) {
        call.operation(DOWNLOAD.operation());
        if (faults.strike(DOWNLOAD, FaultKind.EXPIRED_LINK)) {
            return expired();
        }
        Optional<Report> report = reports.behind(link);
        report.ifPresent(found -> call.seller(found.sellerId()));
        return report.map(this::document).orElseGet(DocumentResource::expired);
    }

    private Response document(Report report) {
        byte[] content = faults.strike(DOWNLOAD, FaultKind.GZIP_BOMB)
                ? FlatFile.bomb()
                : FlatFile.of(
                        reports.orders(report), report.endedAt(), faults.strike(DOWNLOAD, FaultKind.BROKEN_LINES));
        return Response.ok(content, "text/plain;charset=UTF-8").build();
    }

    private static Response expired() {
        return Response.status(403)
                .type(MediaType.APPLICATION_XML)
                .entity("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        + "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>")
                .build();
    }
}
