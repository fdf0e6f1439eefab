package io.perennial.auth;

import static io.perennial.auth.Api.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.perennial.testsupport.SandboxProcess;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no client of ours would send: forged tokens, spoiled bodies, strange filters, connections that say nothing. */
@QuarkusTest
@WithPerennial(database = "auth", sandbox = true)
@WithTestResource(Keys.class)
class HostileRequestsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ADMIN = "&perennial_roles=admin&perennial_tenants=*";
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TestHTTPResource
    URL service;

    @BeforeEach
    void an_application() {
        new Shop();
    }

    @Test
    void r4_a_forged_token_opens_nothing_and_makes_nobody_fetch_a_key() throws Exception {
        AtomicInteger fetched = new AtomicInteger();
        HttpServer keys = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        keys.createContext("/", exchange -> {
            fetched.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        keys.start();
        try {
            String genuine = SandboxProcess.shared().token("viewer");
            assertThat(status(genuine)).isEqualTo(200);
            assertThat(status(tokenOf("perennial", ADMIN))).isEqualTo(200);
            forgeries(genuine, "http://127.0.0.1:" + keys.getAddress().getPort() + "/key")
                    .forEach((kind, token) ->
                            assertThat(statusOf(token)).as(kind).isEqualTo(401));
            assertThat(status(genuine + "a".repeat(1 << 20)))
                    .as("a token of a megabyte")
                    .isIn(400, 401, 431);
            assertThat(fetched).hasValue(0);
        } finally {
            keys.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"q=%25", "q=_", "q=%27%20or%201%3D1%20--", "q=%5C", "q=%00"})
    void r5_a_search_takes_signs_as_signs(String filter) {
        as("operator", "acme")
                .body(Api.connection("acme", "signs-" + UUID.randomUUID()))
                .post("/api/connections");
        Response found = given().urlEncodingEnabled(false)
                .auth()
                .oauth2(SandboxProcess.shared().token("operator", "acme"))
                .get("/api/connections?" + filter);
        assertThat(found.statusCode()).isIn(200, 400);
        if (found.statusCode() == 200) {
            assertThat(found.<List<?>>path("items")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"state\":\"ACTIVE\"}",
                "{\"tenantId\":\"else\"}",
                "{\"endsAt\":\"2099-01-01T00:00:00Z\"}",
                "{\"generation\":7}",
                "{\"refreshToken\":\"Atzr|mine\"}",
                "{\"id\":\"00000000-0000-7000-8000-000000000000\"}"
            })
    void r6_what_is_not_the_callers_to_say_is_refused_by_name(String change) throws Exception {
        String id = as("operator", "acme")
                .body(Api.connection("acme", "mass-" + UUID.randomUUID()))
                .post("/api/connections")
                .path("id");
        Response refused = as("operator", "acme").body(change).patch("/api/connections/" + id);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.<String>path("errors[0].field"))
                .isEqualTo(JSON.readTree(change).fieldNames().next());
    }

    @Test
    void r7_a_spoiled_body_is_refused_and_stores_nothing() {
        String tenant = "spoiled-" + UUID.randomUUID();
        String begin = "{\"tenantId\":\"" + tenant
                + "\",\"externalId\":\"s\",\"provider\":\"AMAZON_SELLER\",\"region\":\"EU\",";
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("ten thousand levels", "[".repeat(10_000) + "]".repeat(10_000));
        bodies.put("ten thousand levels in a field", begin + "\"label\":" + "{\"a\":".repeat(10_000) + "1");
        bodies.put("a name twice", begin + "\"label\":\"a\",\"label\":\"b\",\"marketplaces\":[]}");
        bodies.put("not a number", begin + "\"label\":NaN}");
        bodies.put("a number beyond all", begin + "\"label\":\"a\",\"contacts\":[{\"order\":1e999}]}");
        bodies.put("half a character", begin + "\"label\":\"\\ud800\",\"marketplaces\":[]}");
        bodies.put("a zero character", begin + "\"label\":\"a\\u0000b\",\"marketplaces\":[]}");
        bodies.put("nothing", "");
        bodies.put("two megabytes", begin + "\"label\":\"" + "a".repeat(2 << 20) + "\"}");
        String token = SandboxProcess.shared().token("operator", tenant);
        bodies.forEach((kind, body) -> assertThat(sent(token, body)).as(kind).isIn(400, 413));
        assertThat(as("operator", tenant).get("/api/connections").<List<?>>path("items"))
                .isEmpty();
    }

    /** What lies between is in the buffers of the two sockets. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 104857600", "Transfer-Encoding: chunked"})
    void r7_of_a_hundred_megabytes_the_first_are_read_and_no_more(String announced) throws Exception {
        byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(service.getHost(), service.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(head("Content-Type: application/json", announced));
            CompletableFuture<Long> taken = CompletableFuture.supplyAsync(() -> flood(socket, chunk, 100 << 20));
            drain(socket);
            socket.close();
            assertThat(taken.get(30, TimeUnit.SECONDS)).isLessThan(50 << 20);
        }
    }

    @Test
    void whoever_still_sends_hears_that_his_body_is_too_large() throws Exception {
        byte[] body = " ".repeat(3 << 20).getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(service.getHost(), service.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(head("Content-Type: application/json", "Content-Length: " + body.length));
            // He is refused by what he announces.
            assertThat(socket.getInputStream().read()).isEqualTo('H');

            socket.getOutputStream().write(body);
            String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rest).startsWith("TTP/1.1 413 ").contains("TOO_LARGE");
        }
    }

    private static byte[] head(String... lines) {
        return ("POST /api/connections HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + SandboxProcess.shared().token("operator", "heavy") + "\r\n" + String.join("\r\n", lines)
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** How much the other side took. */
    private static long flood(Socket socket, byte[] chunk, int most) {
        long taken = 0;
        try {
            while (taken < most) {
                socket.getOutputStream().write(chunk);
                taken += chunk.length;
            }
        } catch (IOException e) {
            // It has closed the connection.
        }
        return taken;
    }

    private static void drain(Socket socket) {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // It was closed before everything was read.
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void a_body_that_is_too_large_is_refused_in_words_and_an_import_is_none(HttpClient.Version version)
            throws Exception {
        HttpClient client = HttpClient.newBuilder().version(version).build();
        // with HTTP/2 the first request is the one that changes over
        client.send(
                HttpRequest.newBuilder(URI.create(service + "api/connections")).build(),
                HttpResponse.BodyHandlers.discarding());
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .header("Authorization", "Bearer " + SandboxProcess.shared().token("operator", "heavy"))
                .POST(HttpRequest.BodyPublishers.ofString(line().repeat(4_000)));

        HttpResponse<String> refused = client.send(
                request.copy()
                        .uri(URI.create(service + "api/connections"))
                        .header("Content-Type", "application/json")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(refused.version()).isEqualTo(version);
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(JSON.readTree(refused.body()).path("code").asText()).isEqualTo("TOO_LARGE");

        HttpResponse<String> taken = client.send(
                request.copy()
                        .uri(URI.create(service + "api/imports?dryRun=true"))
                        .header("Content-Type", "application/x-ndjson")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(201);
        assertThat(JSON.readTree(taken.body()).path("lines").asInt()).isEqualTo(4_000);
    }

    private static String line() {
        return "{\"tenantId\":\"heavy\",\"externalId\":\"one\",\"provider\":\"AMAZON_SELLER\",\"region\":\"EU\","
                + "\"accountId\":\"A1\",\"refreshToken\":\"Atzr|" + "x".repeat(300) + "\"}\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=-1",
                "limit=0",
                "limit=1000000000",
                "limit=99999999999999999999",
                "limit=ten",
                "cursor=nonsense",
                "cursor=%00",
                "state=NONE",
                "endsBefore=soon"
            })
    void r8_a_filter_that_means_nothing_is_refused_by_name(String filter) {
        Response refused = as("operator", "acme").get("/api/connections?" + filter);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.<String>path("errors[0].field")).isEqualTo(filter.substring(0, filter.indexOf('=')));
    }

    @Test
    void r8_the_cursor_of_one_tenant_shows_another_nothing_more() {
        String theirs = "cursor-" + UUID.randomUUID();
        for (int n = 0; n < 2; n++) {
            as("operator", theirs).body(Api.connection(theirs, "shop-" + n)).post("/api/connections");
        }
        String next = as("operator", theirs).get("/api/connections?limit=1").path("next");
        assertThat(next).isNotNull();
        assertThat(as("operator", "nobody-" + UUID.randomUUID())
                        .get("/api/connections?limit=1&cursor=" + next)
                        .<List<?>>path("items"))
                .isEmpty();
    }

    /** As in CVE-2023-44487: each stream is given up as soon as it is opened. */
    @Test
    void r11_a_connection_that_gives_up_stream_after_stream_is_closed() throws Exception {
        ByteArrayOutputStream storm = new ByteArrayOutputStream();
        byte[] getRoot = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'a'};
        byte[] cancel = {0, 0, 0, 8};
        for (int stream = 1; stream < 4_000; stream += 2) {
            storm.writeBytes(frame(1, 5, stream, getRoot));
            storm.writeBytes(frame(3, 0, stream, cancel));
        }
        try (Socket socket = new Socket(service.getHost(), service.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(frame(4, 0, 0, new byte[0]));
            byte[] first = socket.getInputStream().readNBytes(9);
            assertThat(first[3]).as("it speaks HTTP/2").isEqualTo((byte) 4);

            assertThat(endsAfter(socket, storm.toByteArray())).isTrue();
        }
        assertThat(as("operator", "acme").get("/api/connections?limit=1").statusCode())
                .isEqualTo(200);
    }

    private static byte[] frame(int type, int flags, int stream, byte[] content) {
        return ByteBuffer.allocate(9 + content.length)
                .putInt(content.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(content)
                .array();
    }

    private static boolean endsAfter(Socket socket, byte[] said) {
        try {
            socket.getOutputStream().write(said);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            // It was closed before everything was said or read.
            return true;
        }
    }

    private int sent(String token, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(service + "api/connections"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private int statusOf(String token) {
        try {
            return status(token);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private int status(String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(service + "api/connections?limit=1"))
                .header("Authorization", "Bearer " + token)
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static Map<String, String> forgeries(String genuine, String elsewhere) throws Exception {
        String[] parts = genuine.split("\\.", -1);
        JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
        String kid = header.path("kid").asText();
        String admin = part(
                new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8).replace("viewer", "admin"));
        KeyPair own = ownKey();
        Map<String, String> all = new LinkedHashMap<>();
        all.put("no signature", part("{\"alg\":\"none\",\"kid\":\"" + kid + "\"}") + "." + admin + ".");
        all.put("no signature, in capitals", part("{\"alg\":\"NONE\"}") + "." + parts[1] + ".");
        all.put("another role under the same signature", parts[0] + "." + admin + "." + parts[2]);
        all.put("no signature left", parts[0] + "." + parts[1] + ".");
        all.put("the public key as a secret", hmac(kid, admin, publicKey(kid)));
        all.put(
                "an own key under the issuer's name",
                signed("{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}", admin, own));
        for (String address : List.of("jku", "x5u")) {
            all.put(
                    "an own key from " + address,
                    signed(
                            "{\"alg\":\"RS256\",\"kid\":\"own\",\"" + address + "\":\"" + elsewhere + "\"}",
                            admin,
                            own));
        }
        for (String name : List.of(elsewhere, "../../../../dev/null", "' or 1=1 --")) {
            all.put("a key named " + name, signed("{\"alg\":\"RS256\",\"kid\":\"" + name + "\"}", admin, own));
        }
        all.put(
                "an extension that must be understood",
                signed("{\"alg\":\"RS256\",\"kid\":\"" + kid + "\",\"crit\":[\"x\"],\"x\":1}", admin, own));
        all.put("another issuer of the same server", tokenOf("stranger", ""));
        JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
        long issued = claims.path("iat").asLong();
        long ends = claims.path("exp").asLong();
        all.put("over for a second at least", tokenOf("perennial", ADMIN + "&perennial_expires=" + (issued - 1)));
        all.put("not good before the other ends", tokenOf("perennial", ADMIN + "&perennial_not_before=" + ends));
        return all;
    }

    /** Genuine, but by somebody whom the service does not ask, or of another time. */
    private static String tokenOf(String issuer, String wishes) throws Exception {
        String address = SandboxProcess.shared().issuerUrl().replaceAll("/perennial$", "/" + issuer) + "/token";
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "grant_type=client_credentials&client_id=a&client_secret=b&scope=perennial" + wishes))
                .build();
        String answer =
                CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
        return JSON.readTree(answer).path("access_token").asText();
    }

    private static byte[] publicKey(String kid) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(SandboxProcess.shared().issuerUrl() + "/jwks"))
                .build();
        for (JsonNode key : JSON.readTree(CLIENT.send(request, HttpResponse.BodyHandlers.ofString())
                        .body())
                .path("keys")) {
            if (key.path("kid").asText().equals(kid)) {
                return KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e")))
                        .getEncoded();
            }
        }
        throw new IllegalStateException("the issuer shows no key " + kid);
    }

    private static BigInteger number(JsonNode key, String name) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(name).asText()));
    }

    private static String hmac(String kid, String payload, byte[] secret) throws GeneralSecurityException {
        String signed = part("{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}") + "." + payload;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return signed + "." + part(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String signed(String header, String payload, KeyPair key) throws GeneralSecurityException {
        String signed = part(header) + "." + payload;
        return signed + "." + part(signature(signed, key.getPrivate()));
    }

    private static byte[] signature(String text, PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        return signature.sign();
    }

    private static KeyPair ownKey() throws GeneralSecurityException {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        return keys.generateKeyPair();
    }

    private static String part(String text) {
        return part(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String part(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
