package io.perennial.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * auth-service's two calls that fetching needs, with real access tokens of the sandbox. It stands where the other process
 * would; its answers are those of the published REST API.
 */
public final class AuthStandIn {
    private static final AuthStandIn INSTANCE = new AuthStandIn();

    private final Map<UUID, Grant> grants = new ConcurrentHashMap<>();
    private final Map<UUID, List<UUID>> campaigns = new ConcurrentHashMap<>();
    private volatile int campaignPages = Integer.MAX_VALUE;
    private final Amazon amazon = new Amazon();

    /** What a connection gets. */
    public static final class Grant {
        final AtomicInteger asked = new AtomicInteger();
        final AtomicInteger probed = new AtomicInteger();
        final AtomicInteger askedForProfiles = new AtomicInteger();
        private final Amazon.Seller seller;
        private final Amazon.App app;
        private volatile String refreshToken;
        private volatile String endpoint;
        private volatile String refusal = "";
        private volatile String verdict = "ALIVE";
        private volatile List<String> profiles = List.of();
        private volatile int statusOfProfiles = 200;
        private final boolean advertises;

        Grant(Amazon.Seller seller, Amazon.App app, String refreshToken, String endpoint, boolean advertises) {
            this.advertises = advertises;
            this.seller = seller;
            this.app = app;
            this.refreshToken = refreshToken;
            this.endpoint = endpoint;
        }

        public int asked() {
            return asked.get();
        }

        public int probed() {
            return probed.get();
        }

        public int askedForProfiles() {
            return askedForProfiles.get();
        }

        /** From now on probes show that. */
        public void verdict(String result) {
            verdict = result;
        }

        /** From now on answers with this code, 503 if it will pass, otherwise 409; none: grants. */
        public void refuse(String code) {
            refusal = code;
        }

        public void renew(String newRefreshToken) {
            refreshToken = newRefreshToken;
            refusal = "";
        }

        /** Which profiles auth-service calls chosen when it is asked. */
        public void choose(List<String> chosen) {
            profiles = chosen;
        }

        /** From now on the question for profiles is answered with this status. */
        public void answerProfilesWith(int status) {
            statusOfProfiles = status;
        }

        /** Sends the calls elsewhere. */
        public void endpoint(String url) {
            endpoint = url;
        }
    }

    private AuthStandIn() {
        try {
            URI url = URI.create(ConfigProvider.getConfig().getValue("perennial.auth.url", String.class));
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", url.getPort()), 0);
            server.setExecutor(Executors.newFixedThreadPool(8, task -> {
                Thread thread = new Thread(task, "auth-stand-in");
                thread.setDaemon(true);
                return thread;
            }));
            server.createContext("/api/connections/", this::answer);
            server.createContext("/api/campaigns/", this::campaign);
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static AuthStandIn shared() {
        return INSTANCE;
    }

    public Grant grant(UUID connection, Amazon.Seller seller, Amazon.App app) {
        // A browser of its own: a shared one would remember the last account, and consent for that.
        return grant(
                connection,
                new Grant(seller, app, new Amazon().consent(seller, app), amazon.apiEndpoint(seller.region()), false));
    }

    public Grant advertiser(UUID connection, Amazon.Seller seller, Amazon.App app) {
        return grant(
                connection,
                new Grant(seller, app, amazon.letAdvertise(seller, app), amazon.adsEndpoint(seller.region()), true));
    }

    private Grant grant(UUID connection, Grant grant) {
        grants.put(connection, grant);
        return grant;
    }

    /** From now on a campaign has renewed these. */
    public void renewed(UUID campaign, List<UUID> connections) {
        campaigns.put(campaign, connections);
    }

    /** From now on the pages of campaigns behind so many are not to be had. */
    public void answerCampaignPages(int atMost) {
        campaignPages = atMost;
    }

    /** One connection a page. */
    private void campaign(HttpExchange exchange) throws IOException {
        List<UUID> renewed =
                campaigns.get(UUID.fromString(exchange.getRequestURI().getPath().split("/")[3]));
        if (renewed == null) {
            send(exchange, 404, "{\"code\":\"NOT_FOUND\"}");
            return;
        }
        String query = exchange.getRequestURI().getQuery();
        int at = query.contains("cursor=") ? Integer.parseInt(query.replaceFirst(".*cursor=(\\d+).*", "$1")) : 0;
        if (at >= campaignPages) {
            send(exchange, 503, "{\"code\":\"UNAVAILABLE\"}");
            return;
        }
        send(
                exchange,
                200,
                "{\"items\":[{\"connectionId\":\"%s\"}]%s}"
                        .formatted(renewed.get(at), at + 1 < renewed.size() ? ",\"next\":\"" + (at + 1) + "\"" : ""));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/");
        Grant grant = grants.get(UUID.fromString(path[3]));
        boolean bearer = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                .startsWith("Bearer ");
        if (grant == null || !bearer) {
            send(exchange, bearer ? 404 : 401, "{\"code\":\"NOT_FOUND\"}");
        } else if (path[4].equals("probe")) {
            grant.probed.incrementAndGet();
            send(exchange, 200, "{\"state\":\"ACTIVE\",\"generation\":1,\"result\":\"" + grant.verdict + "\"}");
        } else if (path[4].equals("profiles")) {
            grant.askedForProfiles.incrementAndGet();
            send(exchange, grant.statusOfProfiles, chosen(grant));
        } else if (!grant.refusal.isEmpty()) {
            grant.asked.incrementAndGet();
            int status = grant.refusal.matches(".*_UNAVAILABLE|APP_SUSPENDED") ? 503 : 409;
            send(exchange, status, "{\"code\":\"%s\",\"retryable\":true}".formatted(grant.refusal));
        } else {
            grant.asked.incrementAndGet();
            send(exchange, 200, granted(grant));
        }
    }

    private static String chosen(Grant grant) {
        return grant.profiles.stream()
                .map(id -> "{\"profileId\":\"" + id + "\",\"chosen\":true,\"access\":\"OPEN\"}")
                .collect(Collectors.joining(",", "{\"items\":[{\"profileId\":\"7\",\"chosen\":false}", "]}"))
                .replace("false}{", "false},{");
    }

    private String granted(Grant grant) {
        return """
                {"accessToken":"%s","expiresAt":"%s","generation":1,"appId":"%s","accountId":"%s",
                 "provider":"%s","region":"%s","marketplaces":[],"apiEndpoint":"%s"%s}
                """
                .formatted(
                        amazon.accessToken(grant.refreshToken, grant.app),
                        io.perennial.testsupport.TestClock.shared().now().plus(Duration.ofHours(1)),
                        grant.app.id(),
                        grant.seller.id(),
                        grant.advertises ? "AMAZON_ADS" : "AMAZON_SELLER",
                        grant.seller.region(),
                        grant.endpoint,
                        grant.advertises ? ",\"clientId\":\"" + grant.app.clientId() + "\"" : "");
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
