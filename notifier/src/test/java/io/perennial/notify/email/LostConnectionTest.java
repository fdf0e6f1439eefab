package io.perennial.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.notify.MailServer;
import io.perennial.notify.Surroundings;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.mailer.Mail;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.mail.MessagingException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of a mail when the mail server goes away in the middle, in each phase of the conversation. */
@QuarkusTest
@WithPerennial(database = "notifier")
@WithTestResource(Surroundings.class)
class LostConnectionTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Inject
    Postman postman;

    private final MailServer server = Surroundings.mail();
    private final String address = "owner-" + UUID.randomUUID() + "@merchant.example";

    @BeforeEach
    void a_new_conversation() {
        server.forget();
        // a kept connection would be past the phases that are looked at
        server.hangUp();
        nobodyIsConnected();
    }

    @AfterEach
    void no_traps_for_others() {
        server.forget();
    }

    @ParameterizedTest
    @ValueSource(strings = {MailServer.GREETING, "EHLO", "MAIL", "RCPT", "DATA"})
    void a_server_that_hangs_up_before_the_mail_has_not_taken_it(String phase) {
        server.hangUpAt(phase);

        assertThat(post("Nine days left")).isInstanceOf(PostResult.TryLater.class);
        postedAtLast("Nine days left");
        assertThat(server.to(address)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {MailServer.GREETING, "EHLO", "MAIL", "RCPT", "DATA"})
    void a_silent_server_never_gets_a_mail_that_was_given_up(String phase) {
        server.fallSilentAt(phase);

        assertThat(post("Nine days left")).isEqualTo(new PostResult.TryLater("NO_ANSWER"));
        server.speakAgain();
        nobodyIsConnected();
        assertThat(server.to(address)).isEmpty();

        postedAtLast("Nine days left");
        assertThat(server.to(address)).hasSize(1);
    }

    @Test
    void a_server_that_hangs_up_in_the_middle_of_a_long_mail_has_not_taken_it() {
        server.hangUpAt(MailServer.BODY);

        assertThat(post("nine days left ".repeat(500_000))).isInstanceOf(PostResult.TryLater.class);
        assertThat(server.commands()).contains("DATA").doesNotContain(MailServer.END_OF_DATA);
        assertThat(server.to(address)).isEmpty();
    }

    @Test
    void nobody_knows_of_a_mail_whose_final_dot_was_written() {
        server.hangUpAt(MailServer.END_OF_DATA);
        assertThat(post("Nine days left")).isEqualTo(new PostResult.Unknown("CONNECTION_LOST"));

        server.fallSilentAt(MailServer.END_OF_DATA);
        assertThat(post("Nine days left")).isEqualTo(new PostResult.Unknown("NO_ANSWER"));
    }

    @Test
    void the_line_that_names_the_attempt_stays_in_the_house() throws MessagingException {
        assertThat(post("Nine days left")).isEqualTo(new PostResult.Accepted());

        assertThat(server.to(address)).singleElement().satisfies(mail -> {
            assertThat(mail.getHeader(MailWire.ATTEMPT)).isNull();
            assertThat(mail.getHeader("From")).hasSize(1);
        });
    }

    /** The inbox behind the gate throws when a mail breaks off, which is what is meant to happen here. */
    private void nobodyIsConnected() {
        await().dontCatchUncaughtExceptions().atMost(PATIENCE).until(() -> server.open() == 0);
    }

    /** A busy machine may need longer than the server is waited for; a mail that was given up is not there twice. */
    private void postedAtLast(String text) {
        await().atMost(PATIENCE).until(() -> post(text), PostResult.Accepted.class::isInstance);
    }

    private PostResult post(String text) {
        Mail mail = new Mail()
                .addTo(address)
                .setFrom("reminders@perennial.example")
                .setSubject("Your authorization")
                .setText(text);
        return postman.post(new Preparation.Ready(mail, "perennial.example"))
                .await()
                .atMost(PATIENCE);
    }
}
