package io.perennial.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.ext.mail.SMTPException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostResultTest {
    @ParameterizedTest
    @ValueSource(ints = {421, 450, 451, 452, 454, 530, 534, 535, 538})
    void passing_faults_and_faults_of_ours_are_tried_again(int code) {
        assertThat(Postman.result(smtp(code), handedOver())).isEqualTo(new PostResult.TryLater("SMTP_" + code));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 501, 550, 551, 552, 553, 554})
    void refusals_are_final(int code) {
        assertThat(Postman.result(smtp(code), handedOver()))
                .isInstanceOfSatisfying(PostResult.Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo("SMTP_" + code));
    }

    @ParameterizedTest
    @CsvSource({
        "550 no such user, true",
        "551 user not local, true",
        "553 mailbox name not allowed, true",
        "550 5.1.1 no such user, true",
        "554 5.1.2 no such domain, true",
        "550 5.2.1 mailbox disabled, true",
        "554 transaction failed, false",
        "550 5.7.1 spam, false",
        "552 5.2.2 mailbox full, false",
        "501 5.5.4 syntax, false"
    })
    void only_what_is_said_of_the_address_counts_against_it(String reply, boolean noSuchMailbox) {
        int code = Integer.parseInt(reply.substring(0, 3));
        assertThat(Postman.result(new SMTPException("refused", code, List.of(reply), false), handedOver()))
                .isEqualTo(new PostResult.Refused("SMTP_" + code, noSuchMailbox));
    }

    @Test
    void what_was_never_handed_over_is_tried_again() {
        assertThat(stayed(new ConnectException("refused"))).isEqualTo("MAIL_SERVER_UNREACHABLE");
        assertThat(stayed(new UnknownHostException("mail"))).isEqualTo("MAIL_SERVER_UNREACHABLE");
        assertThat(stayed(new SSLHandshakeException("certificate of another host")))
                .isEqualTo("MAIL_SERVER_NOT_TRUSTED");
        assertThat(stayed(new NoStackTraceThrowable("STARTTLS required but not supported by server")))
                .isEqualTo("MAIL_SERVER_NOT_TRUSTED");
        assertThat(stayed(new IOException("socket was closed unexpected."))).isEqualTo("CONNECTION_LOST");
        assertThat(stayed(new NoStackTraceThrowable("Connection was closed."))).isEqualTo("CONNECTION_LOST");
        assertThat(stayed(new TimeoutException())).isEqualTo("NO_ANSWER");
    }

    @Test
    void what_may_have_left_is_never_tried_again() {
        assertThat(Postman.result(new IOException("socket was closed unexpected."), handedOver()))
                .isEqualTo(new PostResult.Unknown("CONNECTION_LOST"));
        assertThat(Postman.result(new NoStackTraceThrowable("Connection was closed."), handedOver()))
                .isEqualTo(new PostResult.Unknown("CONNECTION_LOST"));
        assertThat(Postman.result(new SSLException("bad record"), handedOver()))
                .isEqualTo(new PostResult.Unknown("CONNECTION_LOST"));
        assertThat(Postman.result(new TimeoutException(), handedOver())).isEqualTo(new PostResult.Unknown("NO_ANSWER"));
    }

    @Test
    void a_mail_that_was_given_up_is_never_handed_over() {
        MailAttempt attempt = new MailAttempt();
        Postman.result(new TimeoutException(), attempt);
        assertThat(attempt.handOver()).isFalse();
        assertThat(attempt.giveUp()).isTrue();
    }

    private static String stayed(Throwable failure) {
        PostResult result = Postman.result(failure, new MailAttempt());
        return result instanceof PostResult.TryLater later ? later.code() : result.toString();
    }

    private static MailAttempt handedOver() {
        MailAttempt attempt = new MailAttempt();
        assertThat(attempt.handOver()).isTrue();
        return attempt;
    }

    private static SMTPException smtp(int code) {
        return new SMTPException("refused", code, List.of(code + " because"), false);
    }
}
