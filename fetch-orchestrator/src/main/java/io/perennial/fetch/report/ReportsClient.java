package io.perennial.fetch.report;

import static java.time.temporal.ChronoUnit.SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.perennial.fetch.access.AccessAnswer;
import io.perennial.fetch.orders.ProviderAnswer;
import io.perennial.fetch.orders.ProviderReply;
import io.perennial.fetch.orders.SpApiClient;
import io.perennial.fetch.watermark.Interval;
import io.perennial.service.BoundedClient;
import io.perennial.service.Mode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Orders reports, looks how far they are, and reads them (Reports 2021-06-30). Never fails: every outcome is a value. */
@ApplicationScoped
public class ReportsClient {
    public static final String CREATE = "createReport";
    public static final String LIST = "getReports";
    public static final String LOOK = "getReport";
    public static final String DOCUMENT = "getReportDocument";

    /** Marketplaces that one report may have (reports_2021-06-30, CreateReportSpecification). */
    public static final int MOST_MARKETPLACES = 25;

    private static final Logger LOG = Logger.getLogger(ReportsClient.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PATH = "/reports/2021-06-30";
    /** Our clock and Amazon's may differ by it. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

    private static final String TYPE = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";
    // They become part of an address.
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,300}");
    private static final Pattern CHARSET = Pattern.compile("charset=\"?([A-Za-z0-9._-]+)", Pattern.CASE_INSENSITIVE);

    private final SpApiClient amazon;
    private final BoundedClient files;
    private final BoundedClient.Bounds bounds;
    private final Vertx vertx;
    private final ReportsConfig config;

    ReportsClient(SpApiClient amazon, Vertx vertx, ReportsConfig config, Mode mode) {
        this.amazon = amazon;
        this.vertx = vertx;
        this.config = config;
        // No decompression by the client: what a document unpacks to is counted here.
        this.files = new BoundedClient(vertx, config.parallelDocuments(), false, mode);
        this.bounds = new BoundedClient.Bounds(config.largestDownload(), config.timeout());
    }

    /** Where a document is for the next minutes. Whoever has the address has the orders: it is never stored or logged. */
    private record Link(URI address) implements ProviderAnswer.Content {
        @Override
        public String toString() {
            return "Link[redacted]";
        }
    }

    /** Orders a report of all orders that were updated in the window, to whole seconds: Amazon might round it to less. */
    public Uni<ProviderReply> order(AccessAnswer.Granted access, Interval window, List<String> marketplaces) {
        JsonObject body = new JsonObject()
                .put("reportType", TYPE)
                .put("marketplaceIds", new JsonArray(marketplaces))
                .put("dataStartTime", window.from().truncatedTo(SECONDS).toString())
                .put("dataEndTime", roundedUp(window.to()).toString());
        return amazon.call(access, PATH + "/reports", body, reading(ReportsClient::ordered))
                .map(reply -> translated(reply, 400, new ReportAnswer.NotOffered()));
    }

    /** Looks for a report of the window that was ordered not long before an instant, and that is not given up. */
    public Uni<ProviderReply> find(
            AccessAnswer.Granted access, Interval window, List<String> marketplaces, Instant orderedAt) {
        String query = "?reportTypes=" + TYPE + "&pageSize=100&createdSince="
                + orderedAt.minus(CLOCKS_APART).truncatedTo(SECONDS);
        return amazon.call(
                access,
                PATH + "/reports" + query,
                null,
                reading(root -> root.path("reports").isArray()
                        ? Optional.of(found(window, marketplaces, root.path("reports")))
                        : Optional.empty()));
    }

    private static ReportAnswer found(Interval window, List<String> marketplaces, JsonNode reports) {
        return StreamSupport.stream(reports.spliterator(), false)
                .filter(report -> isOf(window, marketplaces, report))
                .flatMap(report -> id(report, "reportId").stream())
                .findFirst()
                .<ReportAnswer>map(ReportAnswer.Ordered::new)
                .orElseGet(ReportAnswer.NeverOrdered::new);
    }

    private static boolean isOf(Interval window, List<String> marketplaces, JsonNode report) {
        Set<String> named = StreamSupport.stream(report.path("marketplaceIds").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
        String status = report.path("processingStatus").asText("");
        return window.from().truncatedTo(SECONDS).equals(instant(report, "dataStartTime"))
                && roundedUp(window.to()).equals(instant(report, "dataEndTime"))
                && named.equals(Set.copyOf(marketplaces))
                && !status.equals("CANCELLED")
                && !status.equals("FATAL");
    }

    private static Instant roundedUp(Instant instant) {
        Instant second = instant.truncatedTo(SECONDS);
        return second.equals(instant) ? instant : second.plusSeconds(1);
    }

    /** How far a report is. */
    public Uni<ProviderReply> look(AccessAnswer.Granted access, String reportId) {
        return amazon.call(access, PATH + "/reports/" + reportId, null, reading(ReportsClient::seen))
                .map(ReportsClient::orGone);
    }

    /** Asks for a fresh link to a document, and reads the document. */
    public Uni<ProviderReply> document(AccessAnswer.Granted access, String documentId) {
        return amazon.call(access, PATH + "/documents/" + documentId, null, reading(node -> link(access, node)))
                .map(ReportsClient::orGone)
                .chain(reply -> reply.answer() instanceof Link link
                        ? download(link).map(answer -> new ProviderReply(answer, reply.ratePerSecond()))
                        : Uni.createFrom().item(reply));
    }

    private Uni<ReportAnswer> download(Link link) {
        return files.send(HttpMethod.GET, link.address().toString(), Map.of(), null, bounds)
                .chain(this::read)
                .onFailure()
                .recoverWithItem(ReportsClient::noDocument);
    }

    private Uni<ReportAnswer> read(BoundedClient.Reply reply) {
        if (reply.status() != 200) {
            return Uni.createFrom().item(new ReportAnswer.LinkDead());
        }
        byte[] content = reply.body();
        Charset charset = charset(reply.header("Content-Type"));
        return Uni.createFrom().completionStage(() -> vertx.executeBlocking(
                        () -> ReportDocumentReader.read(content, isPacked(content), charset, config.largestDocument()),
                        false)
                .toCompletionStage());
    }

    private static ReportAnswer noDocument(Throwable failure) {
        LOG.debugf("A document did not arrive: %s", failure.getClass().getName());
        return failure instanceof BoundedClient.TooLarge ? new ReportAnswer.TooLarge() : new ReportAnswer.LinkDead();
    }

    /** By the first bytes of gzip: whatever was announced, a proxy may have unpacked it already. */
    private static boolean isPacked(byte[] content) {
        return content.length > 1 && content[0] == 0x1f && content[1] == (byte) 0x8b;
    }

    private static Charset charset(@Nullable String contentType) {
        Matcher named = CHARSET.matcher(contentType == null ? "" : contentType);
        try {
            return named.find() && Charset.isSupported(named.group(1))
                    ? Charset.forName(named.group(1))
                    : StandardCharsets.UTF_8;
        } catch (IllegalCharsetNameException e) {
            return StandardCharsets.UTF_8;
        }
    }

    private static ProviderReply orGone(ProviderReply reply) {
        return translated(reply, 404, new ReportAnswer.Gone());
    }

    private static ProviderReply translated(ProviderReply reply, int status, ReportAnswer meaning) {
        return reply.answer() instanceof ProviderAnswer.Refused refused && refused.status() == status
                ? new ProviderReply(meaning, reply.ratePerSecond())
                : reply;
    }

    private static Function<byte[], Optional<? extends ProviderAnswer>> reading(
            Function<JsonNode, Optional<? extends ProviderAnswer>> reader) {
        return body -> {
            try {
                JsonNode root = JSON.readTree(body);
                return root == null ? Optional.empty() : reader.apply(root);
            } catch (IOException e) {
                return Optional.empty();
            }
        };
    }

    private static Optional<ReportAnswer> ordered(JsonNode root) {
        return id(root, "reportId").map(ReportAnswer.Ordered::new);
    }

    private static Optional<ReportAnswer> seen(JsonNode root) {
        String status = root.path("processingStatus").asText("");
        return status.equals("DONE")
                ? id(root, "reportDocumentId")
                        .map(id -> new ReportAnswer.Ready(
                                id, instant(root, "dataStartTime"), instant(root, "dataEndTime")))
                : Optional.ofNullable(
                        switch (status) {
                            case "IN_QUEUE", "IN_PROGRESS" -> new ReportAnswer.NotReady();
                            case "CANCELLED" -> new ReportAnswer.Cancelled();
                            case "FATAL" -> new ReportAnswer.Fatal();
                            default -> null;
                        });
    }

    /** Only over https, unless Amazon itself is asked without it. */
    private static Optional<Link> link(AccessAnswer.Granted access, JsonNode root) {
        try {
            URI address = new URI(root.path("url").asText(""));
            String scheme = String.valueOf(address.getScheme());
            boolean allowed =
                    scheme.equals("https") || scheme.equals(access.apiEndpoint().getScheme());
            return allowed && address.getHost() != null ? Optional.of(new Link(address)) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> id(JsonNode root, String field) {
        return Optional.of(root.path(field).asText(""))
                .filter(id -> ID.matcher(id).matches());
    }

    private static @Nullable Instant instant(JsonNode root, String field) {
        try {
            return OffsetDateTime.parse(root.path(field).asText("")).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
