package io.perennial.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SecretTest {
    private static final String CANARY = "Atzr|canary-7f3a";

    static Stream<Secret> every_kind() {
        return Stream.of(
                new RefreshToken(CANARY),
                new AccessToken(CANARY),
                new ClientSecret(CANARY),
                new AuthorizationCode(CANARY));
    }

    @ParameterizedTest
    @MethodSource("every_kind")
    void content_never_shows_in_text(Secret secret) {
        assertThat(secret.toString()).doesNotContain("canary");
        assertThat(List.of(secret).toString() + Map.of("k", secret)).doesNotContain("canary");
    }

    @ParameterizedTest
    @MethodSource("every_kind")
    void jackson_refuses_it_even_when_lenient(Secret secret) {
        ObjectMapper lenient = new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);

        assertThatThrownBy(() -> lenient.writeValueAsString(Map.of("token", secret)))
                .hasMessageNotContaining("canary");
    }

    @ParameterizedTest
    @MethodSource("every_kind")
    void content_is_revealed_against_access(Secret secret) {
        assertThat(secret.reveal(SecretAccess.forTheWire())).isEqualTo(CANARY);
        assertThatThrownBy(() -> secret.reveal(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void equality_holds_within_one_kind_only() {
        assertThat(new RefreshToken(CANARY))
                .isEqualTo(new RefreshToken(CANARY))
                .hasSameHashCodeAs(new RefreshToken(CANARY));
        assertThat(new RefreshToken(CANARY))
                .isNotEqualTo(new AccessToken(CANARY))
                .isNotEqualTo(new RefreshToken("x"));
    }

    @Test
    void blank_is_refused_by_name() {
        assertThatThrownBy(() -> new ClientSecret(" ")).hasMessage("ClientSecret must not be blank");
    }
}
