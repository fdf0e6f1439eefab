package io.perennial.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.ext.mail.SMTPException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostResultTest {
    @ParameterizedTest
    @ValueSource(ints = {421, 450, 451, 452, 454, 530, 534, 535, 538})
    void passing_faults_and_faults_of_ours_are_tried_again(int code) {
        assertThat(Postman.result(smtp(code))).isEqualTo(new PostResult.TryLater("SMTP_" + code));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 501, 550, 551, 552, 553, 554})
    void refusals_are_final(int code) {
        assertThat(Postman.result(smtp(code)))
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
        assertThat(Postman.result(new SMTPException("refused", code, List.of(reply), false)))
                .isEqualTo(new PostResult.Refused("SMTP_" + code, noSuchMailbox));
    }

    @Test
    void what_was_never_begun_is_tried_again() {
        assertThat(Postman.result(new ConnectException("refused")))
                .isEqualTo(new PostResult.TryLater("MAIL_SERVER_UNREACHABLE"));
        assertThat(Postman.result(new UnknownHostException("mail")))
                .isEqualTo(new PostResult.TryLater("MAIL_SERVER_UNREACHABLE"));
        assertThat(Postman.result(new SSLHandshakeException("certificate of another host")))
                .isEqualTo(new PostResult.TryLater("MAIL_SERVER_NOT_TRUSTED"));
        assertThat(Postman.result(new NoStackTraceThrowable("STARTTLS required but not supported by server")))
                .isEqualTo(new PostResult.TryLater("MAIL_SERVER_NOT_TRUSTED"));
    }

    @Test
    void what_may_have_left_is_never_tried_again() {
        assertThat(Postman.result(new IOException("socket was closed unexpected.")))
                .isEqualTo(new PostResult.Unknown("CONNECTION_LOST"));
        assertThat(Postman.result(new NoStackTraceThrowable("Connection was closed.")))
                .isEqualTo(new PostResult.Unknown("CONNECTION_LOST"));
        assertThat(Postman.result(new TimeoutException())).isEqualTo(new PostResult.Unknown("NO_ANSWER"));
    }

    private static SMTPException smtp(int code) {
        return new SMTPException("refused", code, List.of(code + " because"), false);
    }
}
