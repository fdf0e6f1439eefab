package io.perennial.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A page of the integrator's to which merchants return. */
final class Returns implements AutoCloseable {
    private final List<String> visits = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    Returns() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/settings", this::visit);
        server.start();
    }

    String address() {
        return "http://localhost:" + server.getAddress().getPort() + "/settings?tab=amazon";
    }

    /** What each visit brought along: the query, and the page that it came from. */
    List<String> visits() {
        return List.copyOf(visits);
    }

    private void visit(HttpExchange exchange) throws IOException {
        visits.add(exchange.getRequestURI().getRawQuery() + " from "
                + exchange.getRequestHeaders().getFirst("referer"));
        byte[] page = "<!doctype html><title>Shop</title><p>Back at the shop".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", "text/html");
        exchange.sendResponseHeaders(200, page.length);
        try (exchange) {
            exchange.getResponseBody().write(page);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
