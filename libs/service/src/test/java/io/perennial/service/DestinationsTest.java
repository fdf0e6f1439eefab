package io.perennial.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.perennial.service.BoundedClient.Bounds;
import io.perennial.service.BoundedClient.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where names lead, over real connections: the server here is what must not be reached, or the one that may. */
class DestinationsTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Bounds BOUNDS = new Bounds(1_000, Duration.ofSeconds(30));

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger lookups = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void a_server_inside() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] host = exchange.getRequestHeaders().getFirst("Host").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, host.length);
            exchange.getResponseBody().write(host);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void no_server() {
        server.stop(0);
    }

    @AfterAll
    static void no_loop() {
        VERTX.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "169.254.169.254",
                "10.0.0.8",
                "::1",
                "fd00:ec2::254",
                "64:ff9b::a9fe:a9fe",
                "::ffff:127.0.0.1"
            })
    void r10_a_name_of_the_outside_that_leads_inside_is_not_called(String address) {
        BoundedClient client = client(Destinations.outsideBy(VERTX, host -> addresses(address)));
        assertThatThrownBy(() -> ask(client, "partner.example")).isInstanceOf(Destinations.Refused.class);
        assertThatThrownBy(() -> ask(client, "partner.example")).isInstanceOf(Destinations.Refused.class);
        assertThat(asked).hasValue(0);
        assertThat(lookups).as("a refusal is remembered").hasValue(1);
    }

    @Test
    void r10_in_production_an_address_of_the_own_machine_is_not_called_and_in_a_sandbox_it_is() {
        BoundedClient production = new BoundedClient(VERTX, 1, false, Mode.PRODUCTION);
        for (String host : new String[] {"localhost", "127.0.0.1", "[::1]"}) {
            assertThatThrownBy(() -> ask(production, host)).isInstanceOf(Destinations.Refused.class);
        }
        assertThat(asked).hasValue(0);
        assertThat(ask(new BoundedClient(VERTX, 1, false, Mode.SANDBOX), "127.0.0.1")
                        .status())
                .isEqualTo(200);
    }

    /** The name means nothing to this machine: whoever looked it up a second time would reach nobody. */
    @Test
    void r10_a_name_that_leads_elsewhere_later_is_called_where_it_was_checked() {
        BoundedClient client = client(new Destinations(
                VERTX,
                host -> lookups.get() == 0 ? addresses("10.0.0.8", "127.0.0.1") : addresses("10.0.0.8"),
                address -> !address.isSiteLocalAddress()));
        for (int times = 0; times < 2; times++) {
            Reply reply = ask(client, "partner.example");
            assertThat(new String(reply.body(), StandardCharsets.US_ASCII))
                    .as("the server is asked for by its name")
                    .isEqualTo("partner.example:" + server.getAddress().getPort());
        }
        assertThat(asked).hasValue(2);
        assertThat(lookups).hasValue(1);
    }

    @Test
    void a_name_that_nobody_knows_is_looked_up_again() {
        BoundedClient client = client(Destinations.outsideBy(VERTX, host -> {
            lookups.incrementAndGet();
            throw new UnknownHostException(host);
        }));
        for (int times = 0; times < 2; times++) {
            assertThatThrownBy(() -> ask(client, "partner.example")).hasRootCauseInstanceOf(UnknownHostException.class);
        }
        assertThat(lookups).hasValue(2);
    }

    private InetAddress[] addresses(String... written) throws UnknownHostException {
        lookups.incrementAndGet();
        InetAddress[] all = new InetAddress[written.length];
        for (int i = 0; i < written.length; i++) {
            all[i] = InetAddress.getByName(written[i]);
        }
        return all;
    }

    private static BoundedClient client(Destinations destinations) {
        return new BoundedClient(VERTX, 1, false, destinations);
    }

    private Reply ask(BoundedClient client, String host) {
        String address = "http://" + host + ":" + server.getAddress().getPort() + "/";
        return client.send(HttpMethod.GET, address, Map.of(), null, BOUNDS)
                .await()
                .atMost(Duration.ofSeconds(60));
    }
}
