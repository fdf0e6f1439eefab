package io.perennial.notify;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A real SMTP server (GreenMail) behind a gate that hears every command and can be told to answer one itself, or to hang
 * up, as mail servers in the world do.
 */
public final class MailServer {
    /** Stands for the line that ends a mail. */
    public static final String END_OF_DATA = ".";

    /** Stands for the first thing that a server says. */
    public static final String GREETING = "(greeting)";

    /** Stands for a line of a mail. */
    public static final String BODY = "(body)";

    private static final String HANG_UP = "";
    private static final String SILENCE = "silence";

    private final GreenMail inbox = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Rule> rules = new ConcurrentLinkedQueue<>();
    private final AtomicInteger bareLineFeeds = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicReference<CountDownLatch> silence = new AtomicReference<>(new CountDownLatch(1));
    private ServerSocket gate;

    private record Rule(String command, String reply) {
        boolean isReply() {
            return !reply.equals(HANG_UP) && !reply.equals(SILENCE);
        }
    }

    void start() throws IOException {
        inbox.start();
        gate = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        daemon(this::accept);
    }

    void stop() {
        inbox.stop();
        try {
            gate.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return gate.getLocalPort();
    }

    /** Every command line that came since the last {@link #forget()}. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    /** How many lines ever ended otherwise than the protocol says. */
    public int bareLineFeeds() {
        return bareLineFeeds.get();
    }

    /** The next time a command begins like this, the gate gives this reply instead of the server. */
    public void answerNext(String command, String reply) {
        rules.add(new Rule(command, reply));
    }

    /** The next time a command begins like this, the connection ends without a reply. */
    public void hangUpAt(String command) {
        rules.add(new Rule(command, HANG_UP));
    }

    /** The next time a command begins like this, nothing is answered until {@link #speakAgain()}. */
    public void fallSilentAt(String command) {
        rules.add(new Rule(command, SILENCE));
    }

    /** Whatever was held back is said now. */
    public void speakAgain() {
        silence.getAndSet(new CountDownLatch(1)).countDown();
    }

    /** How many connections there are. */
    public int open() {
        return open.size();
    }

    /** Hangs up on everybody. */
    public void hangUp() {
        for (Socket client : open) {
            try {
                client.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    public void forget() {
        speakAgain();
        commands.clear();
        rules.clear();
    }

    /** Mails to this address, oldest first. */
    public List<MimeMessage> to(String address) {
        return Arrays.stream(inbox.getReceivedMessages())
                .filter(mail -> recipients(mail).contains(address))
                .toList();
    }

    private static List<String> recipients(MimeMessage mail) {
        try {
            return Arrays.stream(mail.getAllRecipients())
                    .map(recipient -> ((InternetAddress) recipient).getAddress())
                    .toList();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept() {
        while (!gate.isClosed()) {
            try {
                Socket client = gate.accept();
                daemon(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client;
                Upstream server = new Upstream(inbox.getSmtp().getPort())) {
            BufferedReader lines = reader(new BareLineFeeds(client.getInputStream()));
            OutputStream out = client.getOutputStream();
            if (!said(out, server.reply(), matching(GREETING))) {
                return;
            }
            boolean data = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                boolean body = data && !line.equals(END_OF_DATA);
                if (!body) {
                    commands.add(line);
                }
                Rule rule = matching(body ? BODY : line);
                if (rule != null && rule.isReply()) {
                    write(out, rule.reply());
                    return;
                }
                server.send(line);
                if (body && rule != null) {
                    return;
                }
                if (!body) {
                    String reply = server.reply();
                    if (!said(out, reply, rule)) {
                        return;
                    }
                    data = line.equals("DATA") && reply.startsWith("354");
                }
            }
        } catch (IOException e) {
            commands.add("(connection lost)");
        } finally {
            open.remove(client);
        }
    }

    /** Whether the conversation goes on after it. */
    private boolean said(OutputStream out, String reply, Rule rule) throws IOException {
        if (rule != null && rule.reply().equals(HANG_UP)) {
            return false;
        }
        if (rule != null) {
            await(silence.get());
        }
        write(out, reply);
        return true;
    }

    private static void await(CountDownLatch end) throws IOException {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private Rule matching(String line) {
        Rule first = rules.peek();
        return first != null && line.startsWith(first.command()) && rules.remove(first) ? first : null;
    }

    private static void write(OutputStream out, String reply) throws IOException {
        out.write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static BufferedReader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** Counts line feeds without carriage return, by which mails are smuggled. */
    private final class BareLineFeeds extends FilterInputStream {
        private int last;

        BareLineFeeds(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            for (int i = offset; i < offset + count; i++) {
                if (buffer[i] == '\n' && last != '\r') {
                    bareLineFeeds.incrementAndGet();
                }
                last = buffer[i];
            }
            return count;
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "mail-gate");
        thread.setDaemon(true);
        thread.start();
    }

    private static final class Upstream implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;

        Upstream(int port) throws IOException {
            socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
            lines = reader(socket.getInputStream());
        }

        void send(String line) throws IOException {
            write(socket.getOutputStream(), line);
        }

        String reply() throws IOException {
            StringBuilder reply = new StringBuilder();
            String line = lines.readLine();
            while (line != null && line.length() > 3 && line.charAt(3) == '-') {
                reply.append(line).append("\r\n");
                line = lines.readLine();
            }
            return reply.append(line).toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
