package io.perennial.sandbox.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.sandbox.Amazon;
import io.perennial.sandbox.Http;
import io.perennial.sandbox.SandboxDatabase;
import io.perennial.sandbox.spapi.Model;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(SandboxDatabase.class)
class ReportsTest {

    private static final String API = "/sp-api/na/reports/2021-06-30";
    private static final String TYPE = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";
    private static final Model MODEL = Model.named("reports_2021-06-30.json");

    private final Http http = new Http();
    private Amazon.Seller seller;
    private Amazon.Tokens tokens;

    @BeforeEach
    void authorized() {
        seller = Amazon.seller("Northwind Supply");
        tokens = Amazon.authorize(seller, Amazon.publishedApp());
    }

    @AfterEach
    void noTrouble() {
        Amazon.faults(List.of());
    }

    @Test
    void a_report_is_queued_processed_and_done_and_holds_exactly_the_orders_of_its_window() {
        Instant from = ago("P2D");
        Instant to = ago("PT1H");
        Set<String> before = truth(from, to);
        HttpResponse<String> created = create(from, to);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(202);
        MODEL.accepts("CreateReportResponse", created);
        assertThat(created.headers().firstValue("x-amzn-RateLimit-Limit")).hasValue("0.0167");
        String id = Http.json(created).get("reportId").asText();
        assertThat(status(id)).isEqualTo("IN_QUEUE");
        Amazon.advance("61s");
        assertThat(status(id)).isEqualTo("IN_PROGRESS");
        Amazon.advance("5m");
        HttpResponse<String> done = Amazon.call(API + "/reports/" + id, tokens.access());
        MODEL.accepts("Report", done);
        assertThat(Http.json(done).get("processingStatus").asText()).isEqualTo("DONE");
        assertThat(Http.json(done).get("dataStartTime").asText()).isEqualTo(from.toString());

        HttpResponse<String> document = document(id);
        MODEL.accepts("ReportDocument", document);
        assertThat(Http.json(document).get("compressionAlgorithm").asText()).isEqualTo("GZIP");
        List<String> lines = lines(document);
        assertThat(lines.get(0))
                .startsWith("amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\t")
                .contains("\tship-city\t")
                .doesNotContain("buyer");
        // an order may move on while the report is made, so the truth is taken on both sides
        assertThat(before).hasSizeGreaterThan(100).containsAll(ids(lines));
        assertThat(ids(lines)).containsAll(truth(from, to));
        assertThat(lines).as("one line an item").hasSizeGreaterThan(ids(lines).size() + 1);
    }

    @Test
    void a_link_lives_five_minutes_and_the_next_one_works() {
        String id = finished(ago("P1D"), ago("PT1H"));
        String url = Http.json(document(id)).get("url").asText();
        Amazon.advance("4m");
        assertThat(http.download(url).statusCode()).isEqualTo(200);
        Amazon.advance("61s");
        HttpResponse<byte[]> dead = http.download(url);
        assertThat(dead.statusCode()).isEqualTo(403);
        assertThat(new String(dead.body(), StandardCharsets.UTF_8)).contains("Request has expired");
        assertThat(lines(document(id))).isNotEmpty();
        String log = http.get("/sandbox/log").body();
        assertThat(log).contains("\"createReport\"", "\"getReport\"", "\"getReportDocument\"", "\"downloadReport\"");
    }

    @Test
    void a_report_without_data_is_cancelled() {
        Instant ages = ago("P900D");
        assertThat(status(finished(ages.minus(Duration.ofDays(1)), ages))).isEqualTo("CANCELLED");
    }

    @Test
    void a_longer_window_than_thirty_days_is_cut() {
        String id = Http.json(create(ago("P45D"), ago("PT1H"))).get("reportId").asText();
        JsonNode report = Http.json(Amazon.call(API + "/reports/" + id, tokens.access()));
        assertThat(Duration.between(
                        Instant.parse(report.get("dataStartTime").asText()),
                        Instant.parse(report.get("dataEndTime").asText())))
                .isEqualTo(Duration.ofDays(30));
    }

    @Test
    void what_is_no_order_for_a_report_is_refused() {
        Map<String, Object> good = order(ago("P1D"), ago("PT1H"));
        assertRefused(400, changed(good, "reportType", "GET_EVERYTHING"));
        assertRefused(400, changed(good, "dataEndTime", ago("-PT1H").toString()));
        assertRefused(400, changed(good, "dataStartTime", ago("PT1M").toString()));
        assertRefused(400, changed(good, "dataStartTime", "yesterday"));
        assertRefused(400, changed(good, "marketplaceIds", List.of()));
        assertRefused(400, changed(good, "marketplaceIds", List.of("NOWHERE")));
        assertRefused(400, changed(good, "colour", "red"));
        assertRefused(403, changed(good, "marketplaceIds", List.of("A1PA6795UKMFR9")));
    }

    @Test
    void reports_belong_to_their_seller_and_application() {
        String id = finished(ago("P1D"), ago("PT1H"));
        String document = Http.json(document(id)).get("reportDocumentId").asText();
        Amazon.Tokens other = Amazon.authorize(seller, Amazon.publishedApp());
        assertThat(Amazon.call(API + "/reports/" + id, other.access()).statusCode())
                .isEqualTo(404);
        assertThat(Amazon.call(API + "/documents/" + document, other.access()).statusCode())
                .isEqualTo(404);
        assertThat(Amazon.call(API + "/reports/nonsense", tokens.access()).statusCode())
                .isEqualTo(404);
    }

    @Test
    void reports_are_listed_the_youngest_first_page_by_page() {
        String old = finished(ago("P2D"), ago("P1D"));
        String young =
                Http.json(create(ago("P1D"), ago("PT1H"))).get("reportId").asText();
        Amazon.Tokens other = Amazon.authorize(seller, Amazon.publishedApp());

        HttpResponse<String> first = listed("?reportTypes=" + TYPE + "&pageSize=1", tokens);
        MODEL.accepts("GetReportsResponse", first);
        assertThat(Http.json(first).at("/reports/0/reportId").asText()).isEqualTo(young);
        assertThat(Http.json(first).at("/reports/0/processingStatus").asText()).isEqualTo("IN_QUEUE");
        HttpResponse<String> second =
                listed("?nextToken=" + Http.json(first).get("nextToken").asText(), tokens);
        assertThat(Http.json(second).at("/reports/0/reportId").asText()).isEqualTo(old);
        assertThat(Http.json(second).has("nextToken")).isFalse();
        assertThat(Http.json(listed("?reportTypes=" + TYPE + "&createdSince=" + ago("PT1M"), tokens))
                        .get("reports"))
                .hasSize(1);
        assertThat(Http.json(listed("?reportTypes=" + TYPE + "&processingStatuses=DONE", tokens))
                        .get("reports"))
                .hasSize(1);
        assertThat(Http.json(listed("?reportTypes=" + TYPE, other)).get("reports"))
                .isEmpty();
        assertThat(listed("", tokens).statusCode()).isEqualTo(400);
        assertThat(listed("?nextToken=nonsense", tokens).statusCode()).isEqualTo(400);
    }

    private static HttpResponse<String> listed(String query, Amazon.Tokens by) {
        return Amazon.call(API + "/reports" + query, by.access());
    }

    @Test
    void after_the_burst_of_fifteen_one_report_a_minute() {
        for (int i = 0; i < 15; i++) {
            assertThat(create(ago("P1D"), ago("PT1H")).statusCode()).isEqualTo(202);
        }
        assertThat(create(ago("P1D"), ago("PT1H")).statusCode()).isEqualTo(429);
        Amazon.advance("61s");
        assertThat(create(ago("P1D"), ago("PT1H")).statusCode()).isEqualTo(202);
        assertThat(create(ago("P1D"), ago("PT1H")).statusCode()).isEqualTo(429);
    }

    @Test
    void troubles_of_reports() {
        trouble("createReport", "fatal-report");
        assertThat(status(finished(ago("P1D"), ago("PT1H")))).isEqualTo("FATAL");
        trouble("createReport", "cancelled-report");
        assertThat(status(finished(ago("P1D"), ago("PT1H")))).isEqualTo("CANCELLED");
        Amazon.faults(List.of());
        String id = finished(ago("P1D"), ago("PT1H"));
        String url = Http.json(document(id)).get("url").asText();
        trouble("downloadReport", "expired-link");
        assertThat(http.download(url).statusCode()).isEqualTo(403);
        trouble("downloadReport", "broken-lines");
        assertThat(lines(document(id))).anyMatch(line -> line.contains("yesterday"));
        trouble("downloadReport", "gzip-bomb");
        assertThat(http.download(url).body().length).isLessThan(1_000_000);
    }

    private static void trouble(String operation, String kind) {
        Amazon.faults(List.of(Map.of("operation", operation, "kind", kind)));
    }

    private void assertRefused(int status, Map<String, Object> order) {
        HttpResponse<String> refused = http.postJson(API + "/reports", order, "x-amz-access-token", tokens.access());
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
        MODEL.accepts("ErrorList", refused);
    }

    private static Map<String, Object> changed(Map<String, Object> order, String field, Object value) {
        Map<String, Object> changed = new HashMap<>(order);
        changed.put(field, value);
        return changed;
    }

    private Map<String, Object> order(Instant from, Instant to) {
        return Map.of(
                "reportType",
                TYPE,
                "marketplaceIds",
                seller.marketplaces(),
                "dataStartTime",
                from.toString(),
                "dataEndTime",
                to.toString());
    }

    private HttpResponse<String> create(Instant from, Instant to) {
        return http.postJson(API + "/reports", order(from, to), "x-amz-access-token", tokens.access());
    }

    private String finished(Instant from, Instant to) {
        String id = Http.json(create(from, to)).get("reportId").asText();
        Amazon.advance("6m");
        return id;
    }

    private String status(String id) {
        return Http.json(Amazon.call(API + "/reports/" + id, tokens.access()))
                .get("processingStatus")
                .asText();
    }

    private HttpResponse<String> document(String reportId) {
        String document = Http.json(Amazon.call(API + "/reports/" + reportId, tokens.access()))
                .get("reportDocumentId")
                .asText();
        return Amazon.call(API + "/documents/" + document, tokens.access());
    }

    private List<String> lines(HttpResponse<String> document) {
        HttpResponse<byte[]> file = http.download(Http.json(document).get("url").asText());
        try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(file.body()))) {
            return Arrays.asList(new String(unpacked.readAllBytes(), StandardCharsets.UTF_8).split("\r\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> ids(List<String> lines) {
        return lines.stream().skip(1).map(line -> line.split("\t")[0]).collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> truth(Instant from, Instant to) {
        Set<String> ids = new TreeSet<>();
        Http.json(http.get("/sandbox/orders?seller=" + seller.id() + "&updatedAfter=" + from + "&updatedBefore=" + to))
                .forEach(order -> ids.add(order.get("orderId").asText()));
        return ids;
    }

    private static Instant ago(String duration) {
        return Amazon.now().minus(Duration.parse(duration)).truncatedTo(ChronoUnit.SECONDS);
    }
}
