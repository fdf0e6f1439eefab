package io.perennial.auth.authorization.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressReadinessTest {
    @ParameterizedTest
    @ValueSource(strings = {"http://connect.example", "https://localhost", "https://127.0.0.1:8081", "https://[::1]"})
    void an_address_that_no_merchant_reaches_safely_is_refused_by_name(String url) {
        assertThat(new PublicAddressReadiness(() -> URI.create(url)).refusals())
                .singleElement()
                .asString()
                .startsWith("perennial.public.url is " + url + ": ");
    }

    @Test
    void an_https_address_of_the_outside_is_taken() {
        assertThat(new PublicAddressReadiness(() -> URI.create("https://connect.example")).refusals())
                .isEmpty();
    }
}
