package io.perennial.auth.token.amazon;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import javax.net.ServerSocketFactory;

/** A token endpoint that answers as it likes; below HTTP, so that it can break it. */
public final class HostileServer implements AutoCloseable {
    private final ServerSocket server;
    private final String address;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch cutOff = new CountDownLatch(1);

    private volatile Reply reply = out -> {};

    /** What is sent back before the connection is closed. */
    public interface Reply {
        void to(OutputStream out) throws IOException;
    }

    public HostileServer() {
        this("http://127.0.0.1:", ServerSocketFactory.getDefault());
    }

    private HostileServer(String address, ServerSocketFactory sockets) {
        try {
            server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.address = address;
        threads.submit(() -> {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                threads.submit(() -> serve(socket));
            }
            return null;
        });
    }

    /** One that calls itself {@code localhost}, whatever its certificate says. */
    public static HostileServer behind(Certificate certificate) throws IOException, GeneralSecurityException {
        return new HostileServer("https://localhost:", certificate.sockets());
    }

    public String url() {
        return address + server.getLocalPort();
    }

    public void answers(Reply next) {
        reply = next;
    }

    /** The bodies that arrived. */
    public List<String> requests() {
        return requests;
    }

    /** Whether the other side ended a reply that was still under way. */
    public boolean wasCutOff() throws InterruptedException {
        return cutOff.await(5, TimeUnit.SECONDS);
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream());
                OutputStream out = socket.getOutputStream()) {
            requests.add(body(in));
            try {
                reply.to(out);
                out.flush();
            } catch (IOException e) {
                cutOff.countDown();
            }
        } catch (IOException e) {
            // The client is gone.
        }
    }

    private static String body(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
        int length = Arrays.stream(head.toString().split("\r\n"))
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    public static Reply json(int status, String body) {
        return typed(status, "application/json", body);
    }

    public static Reply typed(int status, String type, String body, String... headers) {
        return out -> {
            out.write(head(status, type, headers).getBytes(StandardCharsets.US_ASCII));
            out.write(body.getBytes(StandardCharsets.UTF_8));
        };
    }

    /** The beginning of a JSON answer, then blanks without end at a rhythm. */
    public static Reply endless(int bytesAtATime, long pauseMillis) {
        return out -> {
            out.write(head(200, "application/json").getBytes(StandardCharsets.US_ASCII));
            byte[] blanks = " ".repeat(bytesAtATime).getBytes(StandardCharsets.US_ASCII);
            CountDownLatch never = new CountDownLatch(1);
            while (true) {
                out.write(blanks);
                out.flush();
                try {
                    if (pauseMillis > 0 && never.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        };
    }

    /** A few kilobytes that would unpack to a hundred megabytes. */
    public static Reply gzipBomb() {
        return out -> {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                byte[] blanks = new byte[1024 * 1024];
                Arrays.fill(blanks, (byte) ' ');
                for (int i = 0; i < 100; i++) {
                    gzip.write(blanks);
                }
            }
            out.write(head(200, "application/json", "Content-Encoding: gzip").getBytes(StandardCharsets.US_ASCII));
            packed.writeTo(out);
        };
    }

    private static String head(int status, String type, String... headers) {
        StringBuilder head =
                new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Type: " + type + "\r\nConnection: close\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
