package io.perennial.auth.token.amazon;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.token.amazon.TokenAnswer.ConsentGone;
import io.perennial.auth.token.amazon.TokenAnswer.Fault;
import io.perennial.auth.token.amazon.TokenAnswer.Granted;
import io.perennial.auth.token.amazon.TokenAnswer.PlatformFault;
import io.perennial.secret.ClientSecret;
import io.perennial.service.BoundedClient;
import io.perennial.service.Destinations;
import io.perennial.service.Mode;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a token endpoint may do to us, over a real connection. */
class HostileTokenEndpointTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOKENS =
            "{\"access_token\":\"Atza|x\",\"refresh_token\":\"Atzr|y\",\"token_type\":\"bearer\",\"expires_in\":3600}";

    private HostileServer server;
    private LwaTokenClient client;

    @BeforeEach
    void a_server() {
        server = new HostileServer();
        client = new LwaTokenClient(new ProviderHttp(VERTX, config(), Mode.SANDBOX), null);
    }

    @AfterEach
    void no_server() throws Exception {
        server.close();
    }

    @AfterAll
    static void no_loop() {
        VERTX.close();
    }

    static Stream<Arguments> replies() {
        return Stream.of(
                reply("invalid_grant", HostileServer.json(400, "{\"error\":\"invalid_grant\"}"), new ConsentGone()),
                reply("401", HostileServer.json(401, "{\"error\":\"invalid_client\"}"), Fault.CLIENT_REFUSED),
                reply("429", HostileServer.json(429, "{\"error\":\"invalid_grant\"}"), Fault.THROTTLED),
                reply("500", HostileServer.json(500, "{\"error\":\"invalid_grant\"}"), Fault.PROVIDER_BROKEN),
                reply("HTML", HostileServer.typed(200, "text/html", "<h1>Sorry</h1>"), Fault.PROVIDER_BROKEN),
                reply("no refresh token", HostileServer.json(200, "{\"access_token\":\"x\"}"), Fault.PROVIDER_BROKEN),
                reply(
                        "a redirect to elsewhere",
                        HostileServer.typed(
                                302,
                                "application/json",
                                "{\"error\":\"invalid_grant\"}",
                                "Location: http://127.0.0.1:1/"),
                        Fault.PROVIDER_BROKEN),
                reply("a gzip bomb", HostileServer.gzipBomb(), Fault.NO_ANSWER),
                reply("10 MB", HostileServer.json(200, " ".repeat(10 * 1024 * 1024)), Fault.NO_ANSWER),
                reply("an endless flood", HostileServer.endless(64 * 1024, 0), Fault.NO_ANSWER),
                reply("a lost reply", out -> {}, Fault.NO_ANSWER),
                reply(
                        "half a reply",
                        HostileServer.typed(200, "application/json", "{", "Content-Length: 9"),
                        Fault.NO_ANSWER));
    }

    private static Arguments reply(String name, HostileServer.Reply reply, Object answer) {
        return Arguments.of(name, reply, answer instanceof Fault fault ? new PlatformFault(fault) : answer);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("replies")
    void a_code_is_sent_once_whatever_comes_back(String name, HostileServer.Reply reply, TokenAnswer answer) {
        server.answers(reply);
        assertThat(exchange(new ClientSecret("only"))).isEqualTo(answer);
        assertThat(server.requests()).hasSize(1);
    }

    /** Were the flow of bytes taken for an answer, it would never end: {@link #exchange} would give up instead. */
    @Test
    void an_answer_that_drips_is_given_up_in_time_and_cut_off() throws Exception {
        server.answers(HostileServer.endless(1, 50));
        assertThat(exchange(new ClientSecret("only"))).isEqualTo(new PlatformFault(Fault.NO_ANSWER));
        assertThat(server.wasCutOff()).as("the connection is not kept for it").isTrue();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void c27_a_certificate_of_another_host_ends_it_before_the_code_is_sent(@TempDir Path directory) throws Exception {
        Certificate own = Certificate.of(directory, "localhost");
        Certificate others = Certificate.of(directory, "elsewhere.example");
        assertThat(exchangeBehind(own)).isInstanceOf(Granted.class);
        assertThat(exchangeBehind(others)).isEqualTo(new PlatformFault(Fault.NO_ANSWER));
        assertThat(server.requests()).isEmpty();
    }

    /** The address that was checked is connected to; the certificate must still name the host. */
    @Test
    void c27_a_name_that_was_looked_up_before_is_what_the_certificate_must_show(@TempDir Path directory)
            throws Exception {
        Certificate own = Certificate.of(directory, "localhost");
        Destinations here = new Destinations(
                VERTX, host -> new InetAddress[] {InetAddress.getLoopbackAddress()}, InetAddress::isLoopbackAddress);
        server.close();
        server = HostileServer.behind(own);
        server.answers(HostileServer.json(200, TOKENS));
        LwaConfig patient = config(Duration.ofSeconds(30));
        client = new LwaTokenClient(new ProviderHttp(new BoundedClient(VERTX, 1, false, here), patient), null);
        ClientSecret secret = new ClientSecret("only");
        assertThat(own.trusted(() -> exchange("https://elsewhere.example:" + port(), secret)))
                .isEqualTo(new PlatformFault(Fault.NO_ANSWER));
        assertThat(server.requests()).isEmpty();
        assertThat(own.trusted(() -> exchange("https://localhost:" + port(), secret)))
                .isInstanceOf(Granted.class);
    }

    private int port() {
        return URI.create(server.url()).getPort();
    }

    private TokenAnswer exchangeBehind(Certificate certificate) throws Exception {
        server.close();
        server = HostileServer.behind(certificate);
        server.answers(HostileServer.json(200, TOKENS));
        client = new LwaTokenClient(new ProviderHttp(VERTX, config(), Mode.SANDBOX), null);
        return certificate.trusted(() -> exchange(new ClientSecret("only")));
    }

    @Test
    void a_flood_is_cut_off() throws Exception {
        server.answers(HostileServer.endless(64 * 1024, 0));
        assertThat(exchange(new ClientSecret("only"))).isEqualTo(new PlatformFault(Fault.NO_ANSWER));
        assertThat(server.wasCutOff()).isTrue();
    }

    @Test
    void the_former_secret_is_tried_only_where_the_newest_is_refused() {
        ClientSecret fresh = new ClientSecret("fresh");
        ClientSecret former = new ClientSecret("former");
        server.answers(HostileServer.json(500, "{}"));
        exchange(fresh, former);
        server.answers(out -> {});
        exchange(fresh, former);
        assertThat(server.requests()).hasSize(2).allSatisfy(body -> assertThat(body)
                .contains("client_secret=fresh"));

        server.answers(
                out -> (server.requests().get(server.requests().size() - 1).contains("client_secret=former")
                                ? HostileServer.json(200, TOKENS)
                                : HostileServer.json(401, "{\"error\":\"invalid_client\"}"))
                        .to(out));
        assertThat(exchange(fresh, former)).isInstanceOf(Granted.class);
        assertThat(server.requests()).hasSize(4);
    }

    private TokenAnswer exchange(ClientSecret... secrets) {
        return exchange(server.url(), secrets);
    }

    private TokenAnswer exchange(String endpoint, ClientSecret... secrets) {
        MultiMap form = MultiMap.caseInsensitiveMultiMap()
                .add("grant_type", "authorization_code")
                .add("code", "ANonce");
        return client.ask(endpoint + "/auth/o2/token", form, List.of(secrets), null)
                .await()
                .atMost(PATIENCE);
    }

    private static LwaConfig config() {
        return config(Duration.ofSeconds(1));
    }

    private static LwaConfig config(Duration timeout) {
        return new LwaConfig() {
            @Override
            public Duration timeout() {
                return timeout;
            }

            @Override
            public int maxAnswer() {
                return 65_536;
            }

            @Override
            public Duration margin() {
                return Duration.ofSeconds(60);
            }
        };
    }
}
