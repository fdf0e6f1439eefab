package io.perennial.fetch.backfill;

import static io.perennial.fetch.BrokenAmazon.denied;
import static io.perennial.fetch.BrokenAmazon.order;
import static io.perennial.fetch.BrokenAmazon.page;
import static io.perennial.fetch.Waiting.await;
import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.fetch.BrokenAmazon;
import io.perennial.fetch.BrokenAmazon.Answer;
import io.perennial.fetch.BrokenAmazon.Request;
import io.perennial.fetch.FetchService;
import io.perennial.fetch.Stage;
import io.perennial.fetch.access.AccessTokens;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that Amazon should never give: every fetch ends or waits visibly, and nothing is lost. */
@QuarkusTest
@WithPerennial(database = "fetch", sandbox = true)
@FetchService
class BrokenAnswersTest {
    private static final String UPDATED = "2026-01-01T10:00:00Z";
    private static final Answer GOOD = page("", order("302-0000001-0000001", UPDATED));
    private static final Duration STEP = Duration.ofSeconds(200);

    @Inject
    Pool pool;

    @Inject
    AccessTokens access;

    @Test
    void the_same_page_token_again_and_again_ends_the_fetch() {
        failsWith("PAGES_LOOP", request -> page("same", order("302-0000001-0000001", UPDATED)));
    }

    @Test
    void page_tokens_that_go_round_in_a_circle_end_the_fetch() {
        failsWith("PAGES_LOOP", request -> page(request.pageToken().equals("b") ? "a" : "b"));
    }

    @Test
    void page_tokens_that_are_always_refused_end_the_fetch() {
        failsWith("PAGE_TOKENS_REFUSED", request -> request.pageToken().isEmpty() ? page("a") : refused("no"));
    }

    @Test
    void empty_pages_without_an_end_end_the_fetch() {
        failsWith("EMPTY_PAGES", request -> page("t" + request.number()));
    }

    @Test
    void a_missing_role_ends_the_fetch() {
        failsWith("ROLE_MISSING", request -> denied(""));
    }

    @Test
    void an_empty_page_with_a_token_is_no_end() {
        succeedsAfter(request -> request.number() == 1 ? page("next") : GOOD, 2);
    }

    @ParameterizedTest
    @CsvSource({
        "500, <html>busy</html>, PROVIDER_UNAVAILABLE",
        "503, '', PROVIDER_UNAVAILABLE",
        "200, <html>welcome</html>, ANSWER_UNREADABLE",
        "200, '{\"orders\":7}', ANSWER_UNREADABLE",
        "403, <html>proxy</html>, ANSWER_UNREADABLE",
        "302, '', ANSWER_UNREADABLE"
    })
    void a_passing_fault_shows_in_the_job_and_the_fetch_goes_on(int status, String body, String code) {
        waitsWithThenSucceeds(code, request -> new Answer(status, body));
    }

    @Test
    void an_answer_of_ten_megabytes_is_not_read() {
        waitsWithThenSucceeds("ANSWER_TOO_LARGE", request -> new Answer(200, "[" + " ".repeat(10_000_000)));
    }

    @Test
    void a_small_answer_that_unpacks_to_twenty_megabytes_is_not_unpacked() {
        waitsWithThenSucceeds(
                "ANSWER_TOO_LARGE", request -> new Answer(200, "{\"orders\":[" + " ".repeat(20_000_000), true));
    }

    @Test
    void an_answer_that_drips_without_an_end_is_not_waited_for() {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(request -> request.number() == 1 ? Answer.dripping() : GOOD)) {
            stage.grant.endpoint(amazon.url());
            stage.authorized();
            stage.awaitNewest("WAITING", "PROVIDER_TIMEOUT");
            await().until(() -> amazon.hangUps() == 1);
            stage.completedInTime("FIRST_LOAD", STEP);
        }
    }

    /** Ten orders within as many minutes, and more: 30 days of that would be 4,320 pages, and a part has 12. */
    @Test
    void a_first_page_that_shows_too_many_orders_shortens_its_part_at_once() {
        String[] close = IntStream.range(0, 10)
                .mapToObj(i -> order("302-0000001-000000" + i, "2026-01-01T10:0" + i + ":00Z"))
                .toArray(String[]::new);
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon =
                        new BrokenAmazon(request -> request.number() == 1 ? page("more", close) : page("", close))) {
            stage.grant.endpoint(amazon.url());
            stage.authorized();
            stage.completedInTime("FIRST_LOAD", STEP);
            // An hour, then as much as twelve pages are likely to reach: 12 h, 6 days, what is left.
            assertThat(amazon.pageTokens()).hasSize(5).containsOnly("");
            assertThat(stage.orders()).hasSize(10);
        }
    }

    @Test
    void a_packed_page_is_read() {
        succeedsAfter(request -> new Answer(200, GOOD.body(), true), 1);
    }

    @Test
    void a_window_of_which_amazon_answers_nothing_is_not_taken_for_covered() {
        failsWith(
                "WINDOW_NOT_ANSWERED",
                request -> new Answer(200, "{\"orders\":[],\"lastUpdatedBefore\":\"2001-01-01T00:00:00Z\"}"));
    }

    /** What another region than the seller's answers. */
    @Test
    void a_store_without_a_single_order_is_told() {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(request -> page(""))) {
            stage.grant.endpoint(amazon.url());
            stage.authorized();
            stage.completed("FIRST_LOAD");
            stage.awaitNewest("COMPLETED", "NO_ORDERS_AT_ALL");
            assertThat(stage.dayAgo(2)).isEqualTo("COMPLETE NO_ORDERS_AT_ALL");
            amazon.script(request -> GOOD);
            stage.renewed(2);
            stage.completed("RENEWAL_GAP");
            assertThat(stage.dayAgo(2)).isEqualTo("COMPLETE null");
        }
    }

    @Test
    void of_fetches_that_failed_for_the_same_days_the_last_one_is_told() {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(request -> denied(""))) {
            stage.grant.endpoint(amazon.url());
            stage.authorized();
            stage.awaitNewest("FAILED", "ROLE_MISSING");
            String first = stage.fetches().getString("fetches[0].id");
            amazon.script(request -> denied("The marketplaces you provided are not valid for region."));
            again(first);
            stage.awaitNewest("FAILED", "WRONG_REGION");
            assertThat(count(stage, "superseded")).isEqualTo(1);
            assertThat(stage.dayAgo(2)).isEqualTo("FAILED WRONG_REGION");
            amazon.script(request -> GOOD);
            again(first);
            stage.completedInTime("MANUAL", STEP);
            assertThat(count(stage, "superseded")).isEqualTo(2);
            assertThat(stage.dayAgo(2)).isEqualTo("COMPLETE null");
        }
    }

    private static void again(String fetch) {
        Stage.as("operator").post("/api/fetches/" + fetch + "/retry").then().statusCode(202);
    }

    @Test
    void in_an_outage_one_trial_is_made_for_all_and_no_fetch_is_lost() {
        try (Stage one = Stage.withSeller("FE", 0);
                Stage other = Stage.withSeller("FE", 1);
                BrokenAmazon amazon = new BrokenAmazon(request -> new Answer(503, ""))) {
            one.grant.endpoint(amazon.url());
            other.grant.endpoint(amazon.url());
            one.authorized();
            other.authorized();
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        one.clock.advance(Duration.ofSeconds(10));
                        return amazon.requests() >= 4;
                    });
            // Without the breaker both would have failed for good by the sixth request each.
            for (int trial = 1; trial <= 10; trial++) {
                int before = amazon.requests();
                one.clock.advance(Duration.ofMinutes(20));
                await().until(() -> amazon.requests() > before);
            }
            assertThat(amazon.requests()).isLessThan(20);
            for (Stage stage : List.of(one, other)) {
                stage.awaitNewest("WAITING", "PROVIDER_UNAVAILABLE");
            }
            amazon.script(request -> GOOD);
            one.completedInTime("FIRST_LOAD", STEP);
            other.completedInTime("FIRST_LOAD", STEP);
        }
    }

    @Test
    void waiting_for_a_verdict_or_for_auth_service_wears_no_fetch_out() {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(
                        request -> request.number() > 3 ? GOOD : new Answer(200, "<html>welcome</html>"))) {
            stage.grant.endpoint(amazon.url());
            stage.grant.refuse("CONNECTION_SUSPECT");
            stage.authorized();
            awaitAsked(stage, 3);
            stage.grant.refuse("AUTH_SERVICE_UNAVAILABLE");
            awaitAsked(stage, 6);
            stage.grant.refuse("");
            stage.completedInTime("FIRST_LOAD", STEP);
            assertThat(amazon.requests()).isEqualTo(4);
        }
    }

    private static void awaitAsked(Stage stage, int times) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    stage.clock.advance(Duration.ofMinutes(1));
                    return stage.grant.asked() >= times;
                });
    }

    @Test
    void a_thousand_waiting_fetches_of_a_revoked_merchant_ask_once_are_parked_and_go_on_where_they_stood() {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(
                        request -> denied("The access token you provided is revoked, malformed or invalid."))) {
            stage.authorized();
            stage.completed("FIRST_LOAD");
            stage.grant.endpoint(amazon.url());
            access.drop(stage.id);
            pool.preparedQuery(
                            """
                            insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from,
                                                   window_to, part_from, part_to, caused_at, requested_at, next_attempt_at,
                                                   priority, page_token, pages)
                            select gen_random_uuid(), connection_id, tenant_id, 'MANUAL', 'WAITING', '{*}', at, at + '1 h',
                                   at, at + '1 h', $2, $2, $2, 0, 'there', 1
                            from connection_view, generate_series($2::timestamptz - interval '1000 h',
                                                                  $2::timestamptz - interval '1 h', interval '1 h') as at
                            where connection_id = $1
                            """)
                    .execute(Tuple.of(stage.id, stage.clock.now().atOffset(UTC)))
                    .await()
                    .indefinitely();
            await().until(() -> stage.grant.probed() > 0);
            stage.revoked(1);
            await().until(() -> count(stage, "state = 'PARKED' and code = 'CONNECTION_REVOKED'") == 1000);
            assertThat(amazon.requests()).isLessThan(5);
            await().until(() -> stage.told("FetchParked").size() == 1000);

            stage.grant.refuse("CONNECTION_SUSPECT");
            stage.renewed(2);
            await().until(() -> count(stage, "state = 'WAITING' and page_token = 'there' and pages = 1") == 1000);
            assertThat(stage.told("FetchFailed")).isEmpty();
            int before = amazon.pageTokens().size();
            amazon.script(request -> GOOD);
            stage.grant.refuse("");
            await().pollInterval(Duration.ofMillis(300)).until(() -> {
                stage.clock.advance(Duration.ofMinutes(1));
                return count(stage, "reason = 'MANUAL' and state = 'COMPLETED'") > 0;
            });
            assertThat(amazon.pageTokens().subList(before, amazon.pageTokens().size()))
                    .contains("there");
            stage.revoked(2);
            await().until(() -> count(stage, "state in ('WAITING', 'RUNNING')") == 0);
        }
    }

    @Test
    void a_refusal_without_a_known_reason_is_tried_again_as_the_settings_say() {
        Function<Request, Answer> refusing = request -> new Answer(418, "{\"errors\":[{\"code\":\"Teapot\"}]}");
        failsWith("REQUEST_REFUSED", refusing);
        retrySettings("{\"mode\":\"STATUS_MATCHES\",\"statuses\":[418],\"mostAttempts\":2,\"multiply\":true}");
        try {
            waitsWithThenSucceeds("REQUEST_REFUSED", refusing);
            failsWith("REQUEST_REFUSED", refusing);
            retrySettings("{\"mode\":\"ANY\",\"statuses\":[],\"mostAttempts\":1,\"multiply\":false}");
            waitsWithThenSucceeds("REQUEST_REFUSED", refusing);
        } finally {
            pool.query("delete from retry_setting").execute().await().indefinitely();
        }
    }

    /** How many requests a fetch makes until it has failed; those of which the settings do not speak are tried six times here. */
    @ParameterizedTest
    @CsvSource({
        "NONE, '', 503, 1, PROVIDER_UNAVAILABLE",
        "NONE, '', 400, 1, REQUEST_REFUSED",
        "ANY, '', 503, 3, PROVIDER_UNAVAILABLE",
        "ANY, '', 400, 3, REQUEST_REFUSED",
        "STATUS_MATCHES, 503, 503, 3, PROVIDER_UNAVAILABLE",
        "STATUS_MATCHES, 503, 400, 1, REQUEST_REFUSED",
        "STATUS_MATCHES, 429, 503, 6, PROVIDER_UNAVAILABLE"
    })
    void the_mode_governs_every_answer_with_an_error(
            String mode, String statuses, int status, int requests, String code) {
        retrySettings(
                "{\"mode\":\"%s\",\"statuses\":[%s],\"mostAttempts\":2,\"multiply\":false}".formatted(mode, statuses));
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(
                        request -> new Answer(status, "{\"errors\":[{\"code\":\"X\",\"message\":\"no\"}]}"))) {
            stage.grant.endpoint(amazon.url());
            stage.authorized();
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        // Longer than the breaker remembers, so that it stays shut.
                        stage.clock.advance(Duration.ofMinutes(20));
                        return "FAILED".equals(stage.fetches().getString("fetches[0].state"));
                    });
            assertThat(amazon.requests()).isEqualTo(requests);
            assertThat(stage.fetches().getString("fetches[0].code")).isEqualTo(code);
        } finally {
            pool.query("delete from retry_setting").execute().await().indefinitely();
            pool.query("delete from provider_outage").execute().await().indefinitely();
        }
    }

    private static void retrySettings(String json) {
        Stage.as("admin")
                .body(json)
                .put("/api/retry-settings/AMAZON_SELLER")
                .then()
                .statusCode(200);
    }

    private long count(Stage stage, String what) {
        return pool.preparedQuery("select count(*) from fetch_job where connection_id = $1 and " + what)
                .execute(Tuple.of(stage.id))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    @Test
    void amazons_own_outage_is_no_verdict_about_the_merchant() {
        waitsWithThenSucceeds(
                "PROVIDER_FAULT", request -> denied("The security token included in the request is expired"));
    }

    @Test
    void a_window_that_is_too_young_is_shortened() {
        succeedsAfter(request -> request.number() == 1 ? refused("must be at least two minutes before now") : GOOD, 2);
    }

    @Test
    void an_expired_access_token_is_replaced_once() {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(request ->
                        request.number() == 1 ? denied("The access token you provided has expired.") : GOOD)) {
            stage.grant.endpoint(amazon.url());
            stage.authorized();
            stage.completed("FIRST_LOAD");
            assertThat(stage.grant.asked()).isEqualTo(2);
            assertThat(amazon.requests()).isEqualTo(2);
        }
    }

    @Test
    void a_refused_access_token_leads_to_a_probe_and_the_verdict_decides() {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(
                        request -> denied("The access token you provided is revoked, malformed or invalid."))) {
            stage.grant.endpoint(amazon.url());
            stage.grant.verdict("REFUSED");
            stage.authorized();
            stage.awaitNewest("WAITING", "ACCESS_REFUSED");
            assertThat(stage.grant.probed()).isPositive();
            stage.revoked(1);
            stage.awaitNewest("PARKED", "CONNECTION_REVOKED");
            amazon.script(request -> GOOD);
            stage.renewed(2);
            stage.completed("FIRST_LOAD");
            await().until(() -> stage.told("FetchParked").size() == 1);
        }
    }

    @Test
    void an_access_token_that_is_refused_although_the_authorization_stands_is_not_asked_for_without_an_end() {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(
                        request -> denied("The access token you provided is revoked, malformed or invalid."))) {
            stage.grant.endpoint(amazon.url());
            stage.authorized();
            stage.awaitNewest("WAITING", "ACCESS_STILL_REFUSED");
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        stage.clock.advance(STEP);
                        return "FAILED".equals(stage.fetches().getString("fetches[0].state"));
                    });
            assertThat(stage.fetches().getString("fetches[0].code")).isEqualTo("ACCESS_STILL_REFUSED");
            assertThat(stage.fetches().getString("fetches[0].message"))
                    .contains("although the authorization stands")
                    .doesNotContain("tries again");
            assertThat(amazon.requests()).isEqualTo(6);
            assertThat(stage.grant.probed()).isEqualTo(6);
        }
    }

    @Test
    void a_suspended_application_is_not_taken_for_an_outage_of_amazon() {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(request -> GOOD)) {
            stage.grant.endpoint(amazon.url());
            stage.grant.refuse("APP_SUSPENDED");
            stage.authorized();
            stage.awaitNewest("WAITING", "APP_SUSPENDED");
            assertThat(stage.fetches().getString("fetches[0].message")).startsWith("An operator has suspended");
            stage.grant.refuse("");
            stage.completedInTime("FIRST_LOAD", STEP);
            assertThat(amazon.requests()).isEqualTo(1);
        }
    }

    /** A thousand orders a day, of which a part of twelve pages of ten reads three hours. */
    @Test
    void where_pages_are_read_instead_of_a_report_the_first_part_is_as_short_as_page_tokens_live() {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(
                        request -> operation(request).equals("createReport") ? denied("") : new Answer(503, ""))) {
            stage.grant.endpoint(amazon.url());
            sellsMuch(stage);
            stage.authorized();
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        boolean asked = count(stage, "code = 'PROVIDER_UNAVAILABLE'") == 1;
                        if (!asked) {
                            stage.clock.advance(STEP);
                        }
                        return asked;
                    });
            assertThat(stage.fetches().getString("fetches[0].strategyReason")).isEqualTo("ROLE_MISSING");
            assertThat(count(stage, "part_to - part_from between interval '2 h' and interval '3 h'"))
                    .isEqualTo(1);
            amazon.script(request -> GOOD);
            stage.completedInTime("FIRST_LOAD", STEP);
        } finally {
            pool.query("delete from provider_outage").execute().await().indefinitely();
        }
    }

    /** Once to be ordered again, once more for good: then pages are read. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    REPORT_OTHER_WINDOW | {"processingStatus":"DONE","reportDocumentId":"d","dataStartTime":"2036-01-01T00:00:00Z"}
                    REPORT_UNREADABLE   | {"processingStatus":"DONE","reportDocumentId":"d"}
                    """)
    void a_report_that_is_not_what_was_ordered_is_not_taken(String reason, String report) {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(request -> GOOD)) {
            amazon.script(request -> reporting(amazon, request, report));
            stage.grant.endpoint(amazon.url());
            sellsMuch(stage);
            stage.authorized();
            stage.completedInTime("FIRST_LOAD", Duration.ofMinutes(8));
            assertThat(stage.fetches().getString("fetches[0].strategyReason")).isEqualTo(reason);
            assertThat(stage.orderIds()).containsExactly("302-0000001-0000001");
        }
    }

    private void sellsMuch(Stage stage) {
        pool.preparedQuery(
                        """
                        insert into load_month (connection_id, month, tenant_id, orders)
                        values ($1, date_trunc('month', $3::timestamptz)::date, $2, array_fill(1000, array[31]))
                        """)
                .execute(Tuple.of(stage.id, stage.tenant, stage.clock.now().atOffset(UTC)))
                .await()
                .indefinitely();
    }

    /** The trouble lasts: whatever it is, the orders come page by page, and nobody asks for reports for ever. */
    @ParameterizedTest
    @CsvSource({
        "createReport, 500, '', PROVIDER_UNAVAILABLE",
        "createReport, 403, <html>proxy</html>, ANSWER_UNREADABLE",
        "createReport, 403, '{\"errors\":[{\"code\":\"Unauthorized\",\"details\":\"\"}]}', ROLE_MISSING",
        "getReports, 413, '', REQUEST_REFUSED",
        "getReport, 503, '', PROVIDER_UNAVAILABLE",
        "getReportDocument, 403, '{\"errors\":[{\"code\":\"Unauthorized\",\"details\":\"\"}]}', ROLE_MISSING"
    })
    void no_fetch_ends_and_none_tries_for_ever_because_of_reports(
            String operation, int status, String body, String reason) {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(request -> GOOD)) {
            List<String> asked = new CopyOnWriteArrayList<>();
            amazon.script(request -> {
                String of = operation(request);
                asked.add(of);
                boolean neverArrives = operation.equals("getReports") && of.equals("createReport");
                return of.equals(operation) || neverArrives
                        ? new Answer(neverArrives ? 500 : status, neverArrives ? "" : body)
                        : reports(of);
            });
            stage.grant.endpoint(amazon.url());
            sellsMuch(stage);
            stage.authorized();
            stage.completedInTime("FIRST_LOAD", STEP);
            assertThat(stage.orderIds()).containsExactly("302-0000001-0000001");
            JsonPath fetch = stage.fetches();
            assertThat(fetch.getString("fetches[0].strategy")).isEqualTo("SEARCH");
            assertThat(fetch.getString("fetches[0].strategyReason")).isEqualTo(reason);
            assertThat(fetch.getString("fetches[0].strategyMessage"))
                    .startsWith("No report was to be had: ")
                    .endsWith(" The orders are read page by page instead.");
            assertThat(asked)
                    .filteredOn(operation::equals)
                    .as("as often as a page would be tried")
                    .hasSizeBetween(1, 6);
        } finally {
            pool.query("delete from provider_outage").execute().await().indefinitely();
        }
    }

    @Test
    void of_fetches_that_are_claimed_together_only_two_ask_for_their_documents() {
        CountDownLatch stored = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        List<Stage> stages =
                IntStream.range(0, 6).mapToObj(i -> Stage.withSeller("FE", i)).toList();
        try (BrokenAmazon amazon = new BrokenAmazon(request -> GOOD)) {
            for (Stage stage : stages) {
                stage.grant.endpoint(amazon.url());
                stage.authorized();
            }
            stages.forEach(stage -> stage.completedInTime("FIRST_LOAD", STEP));
            amazon.script(request -> {
                if (operation(request).equals("getReportDocument")) {
                    asked.incrementAndGet();
                    return new Answer(200, "{\"url\":\"" + amazon.url() + "/file\"}");
                }
                return request.path().endsWith("/file") ? emptyReport(stored) : GOOD;
            });
            UUID[] connections = stages.stream().map(stage -> stage.id).toArray(UUID[]::new);
            pool.preparedQuery(
                            """
                            insert into fetch_job (id, connection_id, tenant_id, reason, state, marketplaces, window_from,
                                                   window_to, part_from, part_to, caused_at, requested_at, next_attempt_at,
                                                   priority, strategy, report_id, report_document)
                            select gen_random_uuid(), connection_id, tenant_id, 'MANUAL', 'WAITING', '{*}', $2, $3, $2, $3, $3,
                                   $3, $3, 0, 'REPORT', '1', 'd'
                            from connection_view where connection_id = any($1)
                            """)
                    .execute(Tuple.of(
                            connections,
                            stages.get(0).clock.now().minus(Duration.ofDays(1)).atOffset(UTC),
                            stages.get(0).clock.now().atOffset(UTC)))
                    .await()
                    .indefinitely();
            await().atMost(Duration.ofSeconds(60)).until(() -> putBack(connections) == 4 && asked.get() == 2);
            stored.countDown();
            stages.forEach(stage -> stage.completedInTime("MANUAL", Duration.ofSeconds(3)));
            assertThat(asked).as("a token of the quota each, and no more").hasValue(6);
        } finally {
            stored.countDown();
            stages.forEach(Stage::close);
        }
    }

    private long putBack(UUID... connections) {
        return pool.preparedQuery(
                        """
                        select count(*) from fetch_job
                        where connection_id = any($1) and reason = 'MANUAL' and lease_epoch > 0 and lease_until is null
                          and next_attempt_at > requested_at
                        """)
                .execute(Tuple.of(connections))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private static Answer emptyReport(CountDownLatch when) {
        try {
            when.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Answer(
                200,
                "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\tsku"
                        + "\tasin\tquantity\tcurrency\titem-price\n");
    }

    private static String operation(Request request) {
        String path = request.path();
        if (path.endsWith("/reports")) {
            return request.method().equals("POST") ? "createReport" : "getReports";
        }
        if (path.contains("/documents/")) {
            return "getReportDocument";
        }
        return path.contains("/reports/") ? "getReport" : "searchOrders";
    }

    private static Answer reports(String operation) {
        return switch (operation) {
            case "createReport" -> new Answer(202, "{\"reportId\":\"1\"}");
            case "getReports" -> new Answer(200, "{\"reports\":[]}");
            case "getReport" -> new Answer(200, "{\"processingStatus\":\"DONE\",\"reportDocumentId\":\"d\"}");
            default -> GOOD;
        };
    }

    private static Answer reporting(BrokenAmazon amazon, Request request, String report) {
        String path = request.path();
        if (path.endsWith("/reports")) {
            return new Answer(202, "{\"reportId\":\"1\"}");
        }
        if (path.endsWith("/documents/d")) {
            return new Answer(200, "{\"reportDocumentId\":\"d\",\"url\":\"" + amazon.url() + "/file\"}");
        }
        if (path.endsWith("/file")) {
            return new Answer(200, "not a report");
        }
        return path.contains("/reports/") ? new Answer(200, report) : GOOD;
    }

    @Test
    void a_malformed_order_is_set_aside_and_told() {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(request -> page(
                        "",
                        order("../../../etc/passwd", UPDATED),
                        order("302-0000002-0000002", "yesterday"),
                        order("302-0000003-0000003", UPDATED)))) {
            stage.grant.endpoint(amazon.url());
            stage.authorized();
            stage.completed("FIRST_LOAD");
            stage.awaitNewest("COMPLETED", "ORDERS_SET_ASIDE");
            assertThat(stage.fetches().getInt("fetches[0].ordersSetAside")).isEqualTo(2);
            assertThat(stage.orderIds()).containsExactly("302-0000003-0000003");
        }
    }

    @Test
    void an_order_on_two_pages_is_published_once() {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(request ->
                        page(request.pageToken().isEmpty() ? "second" : "", order("302-0000001-0000001", UPDATED)))) {
            stage.grant.endpoint(amazon.url());
            stage.authorized();
            stage.completed("FIRST_LOAD");
            assertThat(stage.orders()).hasSize(1);
            assertThat(stage.fetches().getInt("fetches[0].ordersUnchanged")).isEqualTo(1);
        }
    }

    private static void failsWith(String code, Function<Request, Answer> script) {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(script)) {
            stage.grant.endpoint(amazon.url());
            stage.authorized();
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        boolean failed = "FAILED".equals(stage.fetches().getString("fetches[0].state"));
                        if (!failed) {
                            stage.clock.advance(STEP);
                        }
                        return failed;
                    });
            stage.awaitNewest("FAILED", code);
            assertThat(stage.fetches().getString("fetches[0].message")).isNotBlank();
            stage.events.await("FetchFailed", stage.id.toString());
        }
    }

    private static void waitsWithThenSucceeds(String code, Function<Request, Answer> script) {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(script)) {
            stage.grant.endpoint(amazon.url());
            stage.authorized();
            stage.awaitNewest("WAITING", code);
            amazon.script(request -> GOOD);
            stage.completedInTime("FIRST_LOAD", STEP);
            assertThat(stage.orderIds()).containsExactly("302-0000001-0000001");
            assertThat(stage.fetches().getString("fetches[0].code")).isNull();
        }
    }

    private static void succeedsAfter(Function<Request, Answer> script, int requests) {
        try (Stage stage = Stage.withSeller("FE", 0);
                BrokenAmazon amazon = new BrokenAmazon(script)) {
            stage.grant.endpoint(amazon.url());
            stage.authorized();
            stage.completedInTime("FIRST_LOAD", STEP);
            assertThat(amazon.requests()).isEqualTo(requests);
            assertThat(stage.orderIds()).containsExactly("302-0000001-0000001");
        }
    }

    private static Answer refused(String message) {
        return new Answer(400, "{\"errors\":[{\"code\":\"InvalidInput\",\"message\":\"" + message + "\"}]}");
    }
}
