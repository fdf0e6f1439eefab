package io.perennial.auth.authorization;

import static io.perennial.auth.Api.admin;
import static io.perennial.auth.Browser.parameter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.hasItem;

import io.micrometer.core.instrument.MeterRegistry;
import io.perennial.auth.Amazon;
import io.perennial.auth.Amazon.Seller;
import io.perennial.auth.Browser;
import io.perennial.auth.Browser.Page;
import io.perennial.auth.Keys;
import io.perennial.auth.RawHttp;
import io.perennial.auth.Shop;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rows C of the attack table that are about start and callback; the names carry their numbers. Rows that are part of an
 * ordinary story stand in {@link ConsentTest} and {@link RacingConsentsTest}.
 */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class AttackOnCallbackTest {
    private static final Pattern HIDDEN = Pattern.compile("name=\"(connection|form)\" value=\"([^\"]*)\"");
    private static final String CALLBACK = "/oauth/amazon/callback";

    @Inject
    Pool pool;

    @Inject
    MeterRegistry meters;

    private final Browser browser = new Browser();
    private Shop shop;
    private Seller ada;
    private UUID connection;

    @BeforeEach
    void a_shop() {
        shop = new Shop();
        ada = Amazon.nextSeller("EU");
        connection = shop.connection("shop-1", ada.id());
    }

    @Test
    void c1_c2_a_missing_and_a_random_state_are_answered_alike() {
        RawHttp.Answer missing = RawHttp.get(CALLBACK + "?spapi_oauth_code=x");
        RawHttp.Answer random =
                RawHttp.get(CALLBACK + "?state=" + "A".repeat(43) + "&spapi_oauth_code=x&selling_partner_id=A1BCDE");
        assertThat(missing.status()).isEqualTo(400);
        assertThat(random.status()).isEqualTo(400);
        assertThat(random.body()).isEqualTo(missing.body());
    }

    @Test
    void c4_the_cookie_of_another_tenants_merchant_is_refused_and_noted() {
        URI back = shop.consent(browser, connection, ada);
        Shop other = new Shop();
        Browser stranger = new Browser();
        other.authorize(stranger, other.connection("shop-1", null), Amazon.nextSeller("EU"));
        long before = Amazon.logEnd();
        assertThat(stranger.get(back).status()).isEqualTo(403);
        assertThat(Amazon.tokenCalls(before, "authorization_code")).isZero();
        admin().get("/api/connections/" + connection + "/history")
                .then()
                .body("items.kind", hasItem("FOREIGN_BROWSER_REFUSED"));
        assertThat(browser.open(back).html()).contains("You are connected");
    }

    @Test
    void what_is_refused_is_counted_and_leaves_one_line_for_each_attempt_and_reason() {
        double unknown = refused("UNKNOWN_STATE");
        double malformed = refused("MALFORMED");
        double foreign = refused("FOREIGN_BROWSER");
        double provider = refused("FOREIGN_PROVIDER");
        URI back = shop.consent(browser, connection, ada);
        String state = parameter(back, "state");
        for (int i = 0; i < 3; i++) {
            RawHttp.get(CALLBACK + "?state=" + "A".repeat(43) + "&spapi_oauth_code=x&selling_partner_id=A1BCDE");
            assertThat(browser.get(Shop.base() + CALLBACK + "?state=" + state).status())
                    .isEqualTo(400);
            assertThat(browser.get(Shop.base() + "/oauth/ads/callback?code=x&state=" + state)
                            .status())
                    .isEqualTo(400);
            assertThat(new Browser().get(back).status()).isEqualTo(403);
        }

        assertThat(refused("UNKNOWN_STATE") - unknown).isEqualTo(3);
        assertThat(refused("MALFORMED") - malformed).isEqualTo(3);
        assertThat(refused("FOREIGN_PROVIDER") - provider).isEqualTo(3);
        assertThat(refused("FOREIGN_BROWSER") - foreign).isEqualTo(3);
        assertThat(lines("CALLBACK_REFUSED", "MALFORMED")).isEqualTo(1);
        assertThat(lines("CALLBACK_REFUSED", "FOREIGN_PROVIDER")).isEqualTo(1);
        assertThat(lines("FOREIGN_BROWSER_REFUSED", null)).isEqualTo(1);
    }

    private double refused(String result) {
        return meters.counter("perennial.callbacks", "result", result).count();
    }

    private long lines(String kind, String reason) {
        return pool.preparedQuery(
                        "select count(*) from audit_entry where connection_id = $1 and kind = $2 and reason is not distinct from $3")
                .execute(Tuple.of(connection, kind, reason))
                .await()
                .atMost(Duration.ofMinutes(1))
                .iterator()
                .next()
                .getLong(0);
    }

    static Stream<Arguments> brokenStates() {
        return Stream.of(
                Arguments.of("one bit flipped", (Change) state -> flipped(state)),
                Arguments.of("truncated", (Change) state -> state.substring(0, 42)),
                Arguments.of("one more", (Change) state -> state + "A"),
                Arguments.of("ten kilobytes", (Change) state -> state + "A".repeat(10_240)),
                Arguments.of("NUL inside", (Change) state -> state.substring(0, 20) + "%00" + state.substring(20)),
                Arguments.of("raw NUL", (Change) state -> state + "\0"),
                Arguments.of("invalid UTF-8", (Change) state -> state + "%c3%28"),
                Arguments.of("half an escape", (Change) state -> state + "%4"),
                Arguments.of("upper case", (Change) state -> state.toUpperCase(Locale.ROOT)),
                Arguments.of("blank before", (Change) state -> "%20" + state),
                Arguments.of("as an array", (Change) state -> "x&state[]=" + state),
                Arguments.of("twice", (Change) state -> state + "&state=" + state),
                Arguments.of("twice, disguised", (Change) state -> state + "&%73tate=" + state));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenStates")
    void c8_a_state_that_is_not_exactly_right_asks_nothing_and_spends_nothing(String what, Change change) {
        URI back = shop.consent(browser, connection, ada);
        String state = parameter(back, "state");
        long before = Amazon.logEnd();
        RawHttp.Answer answer = RawHttp.get(
                CALLBACK + "?" + back.getRawQuery().replace("state=" + state, "state=" + change.of(state)),
                "Cookie: " + browser.cookies(back));
        assertThat(answer.status()).isIn(400, 414);
        assertThat(answer.body()).doesNotContain(state, "Exception", "at io.");
        assertThat(Amazon.tokenCalls(before, "authorization_code")).isZero();
        assertThat(browser.open(back).html()).contains("You are connected");
    }

    /** A change of a state. */
    interface Change {
        String of(String state);
    }

    private static String flipped(String state) {
        char first = state.charAt(0);
        return (char) (first == 'A' ? 'B' : 'A') + state.substring(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a1bcde", "A1", "A1BCDE%0d%0aX:1", "A1BCDE'--", "%F0%9D%94%B8BCDEFG", "MEGABYTE"})
    void c12_an_account_id_that_can_not_be_one_is_refused(String id) {
        URI back = shop.consent(browser, connection, ada);
        long before = Amazon.logEnd();
        String sent = id.equals("MEGABYTE") ? "A".repeat(1 << 20) : id;
        RawHttp.Answer answer = RawHttp.get(
                CALLBACK + "?"
                        + back.getRawQuery().replace("selling_partner_id=" + ada.id(), "selling_partner_id=" + sent),
                "Cookie: " + browser.cookies(back));
        assertThat(answer.status()).isIn(400, 414);
        assertThat(Amazon.tokenCalls(before, "authorization_code")).isZero();
        assertThat(browser.open(back).html()).contains("You are connected");
    }

    @Test
    void c13_a_code_of_another_region_connects_nothing() {
        Seller american = Amazon.nextSeller("NA");
        UUID theirConnection = shop.connection("shop-us", american.id(), "NA", "ATVPDKIKX0DER");
        URI theirs = shop.consent(new Browser(), theirConnection, american);
        URI mine = shop.consent(browser, connection, ada);
        URI mixed = URI.create(
                mine.toString().replace(parameter(mine, "spapi_oauth_code"), parameter(theirs, "spapi_oauth_code")));
        long before = Amazon.logEnd();
        assertThat(browser.open(mixed).html()).doesNotContain("You are connected");
        assertThat(shop.state(connection)).isEqualTo("PENDING");
        assertThat(Amazon.tokenCalls(before, "authorization_code")).isLessThanOrEqualTo(1);
        assertThat(shop.<String>get(connection, "consentReview"))
                .as("an operator sees it")
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "PATCH", "POST", "PROPFIND", "get"})
    void c16_another_method_is_no_callback(String method) {
        URI back = shop.consent(browser, connection, ada);
        long before = Amazon.logEnd();
        RawHttp.Answer answer = RawHttp.send(
                method + " " + CALLBACK + "?" + back.getRawQuery(),
                List.of(
                        "Host: localhost",
                        "Cookie: " + browser.cookies(back),
                        "X-HTTP-Method-Override: GET",
                        "X-Method-Override: GET"),
                "");
        assertThat(answer.status()).isGreaterThanOrEqualTo(400);
        assertThat(answer.body()).doesNotContain(parameter(back, "spapi_oauth_code"));
        assertThat(Amazon.tokenCalls(before, "authorization_code")).isZero();
        assertThat(browser.open(back).html()).contains("You are connected");
    }

    @Test
    void c18_forged_hosts_lead_nobody_anywhere() {
        String link = shop.link(connection).getPath();
        List<String> forged = List.of(
                "Host: evil.example",
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Prefix: /evil",
                "Forwarded: host=evil.example;proto=https",
                "X-Original-URL: /evil");
        RawHttp.Answer landing = RawHttp.send("GET " + link, forged, "");
        assertThat(landing.status()).isEqualTo(200);
        assertThat(landing.body()).doesNotContain("evil");
        String cookie = landing.header("set-cookie").split(";")[0];
        List<String> withCookie = Stream.concat(
                        forged.stream(),
                        Stream.of("Cookie: " + cookie, "Content-Type: application/x-www-form-urlencoded"))
                .toList();

        RawHttp.Answer start = RawHttp.send("POST " + link, withCookie, form(landing.body()));
        assertThat(start.status()).isEqualTo(303);
        URI consentPage = URI.create(start.header("location"));
        assertThat(URLDecoder.decode(parameter(consentPage, "redirect_uri"), StandardCharsets.UTF_8))
                .isEqualTo(Shop.base() + CALLBACK);

        URI back = new Browser().consent(consentPage, ada);
        RawHttp.Answer answered = RawHttp.send("GET " + CALLBACK + "?" + back.getRawQuery(), withCookie, "");
        assertThat(answered.status()).isEqualTo(303);
        assertThat(answered.header("location")).contains("/connect/result/").doesNotContain("evil");
        assertThat(shop.state(connection)).isEqualTo("ACTIVE");
    }

    @Test
    void c22_c23_no_page_can_be_framed_cached_sniffed_or_leaked() {
        URI link = shop.link(connection);
        Page landing = browser.get(link);
        Page refused = browser.get(Shop.base() + CALLBACK);
        URI back = browser.consent(browser.submit(landing, 0, Map.of()).location(), ada);
        Page onward = browser.get(back);
        Page result = browser.open(onward.location());
        Page used = browser.get(back);
        Page unknown = browser.get(Shop.base() + "/connect/" + "x".repeat(43));
        Page help = browser.get(Shop.base() + "/connect/help");

        for (Page page : List.of(landing, refused, result, used, unknown, help)) {
            assertThat(page.header("x-frame-options")).as("%s", page.address()).isEqualTo("DENY");
            assertThat(page.header("content-security-policy"))
                    .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
                    .doesNotContain("unsafe");
            assertThat(page.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(page.header("cross-origin-opener-policy")).isEqualTo("same-origin");
            assertThat(page.html())
                    .doesNotContainPattern("<script(?! src=\"/connect/)")
                    .doesNotContainPattern("(src|href)=\"https?://");
        }
        for (Page page : List.of(landing, refused, onward, result, used, unknown)) {
            assertThat(page.header("cache-control")).isEqualTo("no-store");
        }
        for (Page page : List.of(refused, onward, used)) {
            assertThat(page.header("referrer-policy")).isEqualTo("no-referrer");
        }
        assertThat(onward.location().toString())
                .doesNotContain(parameter(back, "spapi_oauth_code"))
                .doesNotContain(parameter(back, "state"));
    }

    @Test
    void c24_opening_an_address_starts_nothing_whatever_stands_in_it() {
        URI link = shop.link(connection);
        Page landing = browser.get(link);
        Matcher form = HIDDEN.matcher(landing.html());
        StringBuilder query = new StringBuilder();
        while (form.find()) {
            query.append(form.group(1)).append('=').append(form.group(2)).append('&');
        }
        assertThat(query).isNotEmpty();
        assertThat(browser.get(link + "?" + query).status()).isEqualTo(200);
        assertThat(browser.post(link, Map.of("connection", connection.toString()))
                        .status())
                .isEqualTo(403);
        assertThat(pool.preparedQuery("select 1 from authorization_request where connection_id = $1")
                        .execute(Tuple.of(connection))
                        .await()
                        .atMost(Duration.ofMinutes(1))
                        .size())
                .isZero();
    }

    private static String form(String html) {
        StringBuilder body = new StringBuilder();
        Matcher hidden = HIDDEN.matcher(html);
        while (hidden.find()) {
            body.append(body.isEmpty() ? "" : "&")
                    .append(hidden.group(1))
                    .append('=')
                    .append(URLEncoder.encode(hidden.group(2), StandardCharsets.UTF_8));
        }
        return body.toString();
    }
}
