package io.perennial.auth.token.amazon;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.token.amazon.ProviderHttp.Answer;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfilesClientTest {
    @Test
    void ids_beyond_two_to_the_53_and_beyond_a_long_keep_their_digits() {
        assertThat(read("[{\"profileId\":9007199254740993},{\"profileId\":92233720368547758089}]"))
                .isInstanceOfSatisfying(ProfileListing.Known.class, known -> assertThat(known.profiles())
                        .extracting(AdvertisingProfile::id)
                        .containsExactly("9007199254740993", "92233720368547758089"));
    }

    @Test
    void what_is_missing_is_missing_and_an_empty_array_is_an_answer() {
        assertThat(read("[{\"profileId\":1,\"countryCode\":\"DE\",\"accountInfo\":null}]"))
                .isInstanceOfSatisfying(ProfileListing.Known.class, known -> {
                    assertThat(known.profiles().get(0).countryCode()).isEqualTo("DE");
                    assertThat(known.profiles().get(0).accountId()).isNull();
                });
        assertThat(read("[]")).isEqualTo(new ProfileListing.Known(List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"profileId\":9.007199254740993e15}]",
                "[{\"profileId\":\"1\"}]",
                "[{\"profileId\":-1}]",
                "[{}]",
                "{}",
                "",
                "null",
                "[{\"profileId\":1}"
            })
    void an_answer_that_is_not_a_list_of_profiles_is_no_verdict(String body) {
        assertThat(read(body)).isEqualTo(new ProfileListing.Unknown());
    }

    private static ProfileListing read(String body) {
        return ProfilesClient.read(new Answer(200, "application/json", Buffer.buffer(body)));
    }
}
