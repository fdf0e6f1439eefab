package io.perennial.fetch.report;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.contracts.Money;
import io.perennial.contracts.OrderItem;
import io.perennial.fetch.orders.SellerOrder;
import io.perennial.fetch.orders.SetAsideOrder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportDocumentReaderTest {
    private static final int LARGEST = 1_000_000;
    private static final String HEADER =
            "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\t"
                    + "fulfillment-channel\tsales-channel\tproduct-name\tsku\tasin\titem-status\tquantity\tcurrency\titem-price\t"
                    + "ship-city\tbuyer-name";
    private static final String LINE =
            "302-0000001-0000001\t\t2026-01-01T10:00:00+00:00\t2026-01-02T11:30:00+01:00\tShipped\t"
                    + "Amazon\tAmazon.de\tLamp\tSKU-2\tB000000002\tShipped\t2\tEUR\t39.80\tSpringfield\tJane Roe";
    private static final String SECOND = LINE.replace("SKU-2", "SKU-1").replace("\t2\tEUR\t39.80", "\t3\tEUR\t10.00");

    @Test
    void lines_of_an_order_are_put_together_and_who_bought_it_is_dropped() {
        ReportAnswer.Document read = document(LINE, SECOND);
        assertThat(read.setAside()).isEmpty();
        assertThat(read.orders())
                .containsExactly(new SellerOrder(
                        "302-0000001-0000001",
                        "A1PA6795UKMFR9",
                        Instant.parse("2026-01-01T10:00:00Z"),
                        Instant.parse("2026-01-02T10:30:00Z"),
                        "SHIPPED",
                        "AMAZON",
                        List.of(
                                new OrderItem("line-1", "SKU-1", "B000000002", 3, null),
                                new OrderItem(
                                        "line-2", "SKU-2", "B000000002", 2, new Money(new BigDecimal("19.90"), "EUR"))),
                        null));
        assertThat(read.toString()).doesNotContain("Springfield", "Jane Roe", "Lamp");
    }

    @Test
    void a_report_and_a_search_have_the_same_digest_for_the_same_order() {
        SellerOrder searched = new SellerOrder(
                "302-0000001-0000001",
                "A1PA6795UKMFR9",
                Instant.parse("2026-01-01T10:00:00.250Z"),
                Instant.parse("2026-01-02T10:30:00.999Z"),
                "SHIPPED",
                "AMAZON",
                List.of(
                        new OrderItem("98", "SKU-2", "B000000002", 2, new Money(new BigDecimal("19.9"), "EUR")),
                        new OrderItem("99", "SKU-1", "B000000002", 3, null)),
                new Money(new BigDecimal("49.80"), "EUR"));
        assertThat(document(LINE, SECOND).orders().get(0).digest()).isEqualTo(searched.digest());
        assertThat(document(LINE).orders().get(0).digest()).isNotEqualTo(searched.digest());
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T10:00:00+00:00, yesterday, purchase-date is not a time",
        "2026-01-02T11:30:00+01:00, '', last-updated-date is not a time",
        "2026-01-01T10:00:00+00:00, +300000-01-01T10:00:00+00:00, purchase-date is not a time",
        "2026-01-02T11:30:00+01:00, 9999-12-31T11:30:00+01:00, last-updated-date is not a time",
        "'\t2\tEUR', '\tmany\tEUR', quantity is not a quantity",
        "'\t2\tEUR', '\t-2\tEUR', quantity is not a quantity",
        "39.80, a lot, item-price is not an amount",
        "EUR, euros, item-price is not an amount",
        "'\tShipped\tAmazon\t', '\t\tAmazon\t', order-status is not a word",
        "'\tJane Roe', '', a line has 15 of 16 columns",
        "'\tJane Roe', '\tJane\tRoe', a line has 17 of 16 columns"
    })
    void a_broken_line_sets_its_whole_order_aside_and_names_the_column_only(String part, String broken, String reason) {
        String other = LINE.replace("302-0000001", "302-0000002");
        ReportAnswer.Document read = document(SECOND, LINE.replace(part, broken), other);
        assertThat(read.setAside()).containsExactly(new SetAsideOrder("302-0000001-0000001", reason));
        assertThat(read.orders()).extracting(SellerOrder::orderId).containsExactly("302-0000002-0000001");
    }

    @Test
    void a_line_that_names_no_order_is_told_by_its_number() {
        ReportAnswer.Document read = document(LINE, "../../etc/passwd" + LINE.substring(19), "", "garbage");
        assertThat(read.orders()).hasSize(1);
        assertThat(read.setAside())
                .containsExactly(
                        new SetAsideOrder(null, "line 3 names no order"),
                        new SetAsideOrder(null, "line 5 names no order"));
    }

    @ParameterizedTest
    @CsvSource({
        "Shipped, SHIPPED",
        "Shipped - Delivered to Buyer, SHIPPED",
        "Cancelled, CANCELLED",
        "Canceled, CANCELLED",
        "PartiallyShipped, PARTIALLY_SHIPPED",
        "Pending, PENDING",
        "Teleported, TELEPORTED"
    })
    void statuses_are_spelled_as_searches_spell_them(String reported, String status) {
        String line = LINE.replace("\tShipped\tAmazon\t", "\t" + reported + "\tAmazon\t");
        assertThat(document(line).orders().get(0).status()).isEqualTo(status);
    }

    @Test
    void a_cancelled_order_tells_no_quantity_and_its_digest_needs_none() {
        String cancelled = LINE.replace("\tShipped\tAmazon\t", "\tCancelled\tAmazon\t");
        String bare = cancelled.replace("\t2\tEUR\t39.80", "\t0\t\t");
        assertThat(document(bare).orders().get(0).digest())
                .isEqualTo(document(cancelled).orders().get(0).digest());
    }

    @Test
    void of_lines_that_disagree_the_one_that_was_updated_last_counts() {
        String later = SECOND.replace("2026-01-02T11:30", "2026-01-03T11:30")
                .replace("\tShipped\tAmazon\t", "\tCancelled\tAmazon\t");
        assertThat(document(later, LINE).orders().get(0).status()).isEqualTo("CANCELLED");
    }

    @Test
    void a_site_that_is_not_amazons_is_no_marketplace() {
        assertThat(document(LINE.replace("Amazon.de", "Non-Amazon"))
                        .orders()
                        .get(0)
                        .marketplaceId())
                .isEqualTo("UNKNOWN");
    }

    @Test
    void a_header_alone_is_an_empty_report() {
        assertThat(document().orders()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<Error/>", "amazon-order-id\tsku", "{\"errors\":[]}"})
    void what_is_no_report_is_no_report(String text) {
        assertThat(read(text.getBytes(StandardCharsets.UTF_8), false)).isEqualTo(new ReportAnswer.Unreadable());
    }

    @Test
    void a_report_of_which_no_line_can_be_read_is_no_report() {
        assertThat(read((HEADER + "\ngarbage\nmore garbage").getBytes(StandardCharsets.UTF_8), false))
                .isEqualTo(new ReportAnswer.Unreadable());
    }

    @Test
    void a_packed_report_that_was_cut_off_is_no_report() {
        byte[] whole = packed(HEADER + "\n" + LINE + "\n");
        assertThat(read(whole, true)).isInstanceOf(ReportAnswer.Document.class);
        assertThat(read(java.util.Arrays.copyOf(whole, whole.length - 12), true))
                .isEqualTo(new ReportAnswer.Unreadable());
    }

    @Test
    void what_unpacks_to_more_than_allowed_is_not_unpacked_to_its_end() {
        assertThat(read(packed(HEADER + "\n" + (LINE + "\n").repeat(10_000)), true))
                .isEqualTo(new ReportAnswer.TooLarge());
        assertThat(read(packed(HEADER + " ".repeat(50_000_000)), true)).isEqualTo(new ReportAnswer.TooLarge());
    }

    @Test
    void lines_come_whole_wherever_a_block_of_the_stream_ends() throws IOException {
        String text =
                IntStream.range(0, 3000).mapToObj(n -> "x".repeat(n * 7 % 97)).collect(joining("\n"));

        assertThat(lines(text, text.length()))
                .containsExactlyElementsOf(text.lines().toList());
        assertThatThrownBy(() -> lines(text, text.length() - 1)).isInstanceOf(LimitedLines.TooMuch.class);
        assertThat(lines("y".repeat(3 * LimitedLines.LONGEST_LINE) + "\nnext", LARGEST))
                .containsExactly("y".repeat(LimitedLines.LONGEST_LINE), "next");
    }

    private static List<String> lines(String text, long limit) throws IOException {
        LimitedLines lines = new LimitedLines(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8, limit);
        List<String> all = new ArrayList<>();
        for (String line = lines.next(); line != null; line = lines.next()) {
            all.add(line);
        }
        return all;
    }

    private static ReportAnswer.Document document(String... lines) {
        String text = "\ufeff" + HEADER + "\r\n" + String.join("\r\n", lines) + "\r\n";
        return (ReportAnswer.Document) read(text.getBytes(StandardCharsets.UTF_8), false);
    }

    private static ReportAnswer read(byte[] content, boolean packed) {
        return ReportDocumentReader.read(content, packed, StandardCharsets.UTF_8, LARGEST);
    }

    private static byte[] packed(String text) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
