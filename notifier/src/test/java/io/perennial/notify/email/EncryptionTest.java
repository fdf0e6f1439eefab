package io.perennial.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.DummySSLServerSocketFactory;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.StartTLSOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What somebody between us and the mail server can do about the encryption, over a real connection. */
class EncryptionTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @AfterAll
    static void no_loop() {
        VERTX.close();
    }

    enum Attack {
        /** The server's offer does not come through. */
        STRIPPED,
        /** The server seems to have changed its mind. */
        REFUSED,
        /** Somebody else's encryption. */
        FOREIGN_CERTIFICATE
    }

    @ParameterizedTest
    @EnumSource
    void where_the_encryption_is_attacked_no_mail_leaves_and_it_is_tried_again(Attack attack) throws Exception {
        try (Eavesdropper server = new Eavesdropper(attack)) {
            assertThat(post(server)).isEqualTo(new PostResult.TryLater("MAIL_SERVER_NOT_TRUSTED"));
            assertThat(server.heard)
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("EHLO") || line.equals("STARTTLS") || line.equals("QUIT"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"none, REQUIRED", "production, REQUIRED", "sandbox, DISABLED"})
    void only_a_sandbox_speaks_without_encryption(String mode, String expected) throws Exception {
        SmallRyeConfigBuilder settings = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(Path.of("src", "main", "resources", "application.properties")
                        .toUri()
                        .toURL()));
        if (mode != null) {
            settings.withDefaultValue("perennial.mode", mode);
        }
        assertThat(settings.build().getValue("quarkus.mailer.start-tls", String.class))
                .isEqualTo(expected);
    }

    @Test
    void no_setting_of_ours_trusts_whoever_answers() throws IOException {
        assertThat(java.nio.file.Files.readString(Path.of("src", "main", "resources", "application.properties")))
                .doesNotContain("trust-all");
    }

    private static PostResult post(Eavesdropper server) {
        MailClient client = MailClient.create(
                VERTX,
                new io.vertx.ext.mail.MailConfig()
                        .setHostname("127.0.0.1")
                        .setPort(server.port())
                        .setStarttls(StartTLSOptions.REQUIRED));
        MailMessage mail = new MailMessage()
                .setFrom("reminders@perennial.example")
                .setTo("owner@merchant.example")
                .setSubject("Nine days left")
                .setText("secret");
        try {
            return Uni.createFrom()
                    .completionStage(() -> client.sendMail(mail).toCompletionStage())
                    .<PostResult>map(sent -> new PostResult.Accepted())
                    .onFailure()
                    .recoverWithItem(failure -> Postman.result(failure, new MailAttempt()))
                    .await()
                    .atMost(PATIENCE);
        } finally {
            client.close();
        }
    }

    /** Speaks just enough SMTP, and writes down what it is told in the clear. */
    private static final class Eavesdropper implements AutoCloseable {
        private final ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final Attack attack;

        Eavesdropper(Attack attack) throws IOException {
            this.attack = attack;
            Thread listener = new Thread(this::listen, "eavesdropper");
            listener.setDaemon(true);
            listener.start();
        }

        int port() {
            return door.getLocalPort();
        }

        private void listen() {
            while (!door.isClosed()) {
                try (Socket caller = door.accept()) {
                    talk(caller);
                } catch (IOException gone) {
                    // the caller has hung up, or the test is over
                }
            }
        }

        private void talk(Socket caller) throws IOException {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.US_ASCII));
            say(caller, "220 mail.example ESMTP");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                heard.add(line.startsWith("EHLO") ? "EHLO" : line);
                if (line.startsWith("EHLO")) {
                    say(caller, attack == Attack.STRIPPED ? "250 mail.example" : "250-mail.example\r\n250 STARTTLS");
                } else if (line.equals("STARTTLS")) {
                    startTls(caller);
                    return;
                } else {
                    say(caller, "250 go on");
                }
            }
        }

        private void startTls(Socket caller) throws IOException {
            if (attack == Attack.REFUSED) {
                say(caller, "454 4.7.0 TLS not available");
                // Whatever comes now was not meant for a server that has no TLS.
                if (caller.getInputStream().read() >= 0) {
                    say(caller, "500 5.5.1 what?");
                }
                return;
            }
            say(caller, "220 2.0.0 go ahead");
            try (Socket tls = foreign().getSocketFactory().createSocket(caller, "mail.example", port(), true)) {
                ((javax.net.ssl.SSLSocket) tls).setUseClientMode(false);
                talk(tls);
            }
        }

        private static void say(Socket caller, String line) throws IOException {
            caller.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            caller.getOutputStream().flush();
        }

        private static SSLContext foreign() {
            char[] password = "changeit".toCharArray();
            try (InputStream file = DummySSLServerSocketFactory.class.getResourceAsStream("/greenmail.p12")) {
                KeyStore keys = KeyStore.getInstance("PKCS12");
                keys.load(file, password);
                KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                managers.init(keys, password);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(managers.getKeyManagers(), null, null);
                return context;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            door.close();
        }
    }
}
