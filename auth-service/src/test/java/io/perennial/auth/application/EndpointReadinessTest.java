package io.perennial.auth.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.auth.application.AppRequest.EndpointsRequest;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.problem.FieldError;
import io.perennial.problem.ProblemException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses an application may have outside the sandbox. */
class EndpointReadinessTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.amazon.com/auth/o2/token",
                "http://127.0.0.1:8090/auth/o2/token",
                "https://127.0.0.1/auth/o2/token",
                "https://localhost:8090/seller-central/{country}",
                "https://[::1]/x"
            })
    void a_production_start_names_application_field_and_address(String url) {
        assertThat(EndpointReadiness.refusal("Sellers", "endpoints.token", url))
                .startsWith("endpoints.token of application Sellers is " + url + ": it ")
                .doesNotContain("\n");
    }

    @Test
    void amazons_addresses_start() {
        assertThat(EndpointReadiness.refusal("Sellers", "endpoints.token", "https://api.amazon.com/auth/o2/token"))
                .isNull();
        assertThat(EndpointReadiness.refusal("Ads", "endpoints.authorizations.EU", "https://{region}.amazon.com/ap/oa"))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://169.254.169.254/latest",
                "https://[::1]/token",
                "https://0x7f.1/token",
                "https://127.1/token",
                "https://10.0.0.8/token",
                "https://[fd00:ec2::254]/token",
                "https://metadata.google.internal/token",
                "https://postgres:5432/token",
                "file:///etc/passwd",
                "gopher://evil.example/x"
            })
    void r10_an_address_that_is_called_and_leads_inside_is_refused_by_name(String url) {
        AppRequest token = request(Provider.AMAZON_SELLER, new EndpointsRequest(null, url, null, null, null, null));
        assertThatThrownBy(() -> token.checkNew(false))
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.errors())
                        .extracting(FieldError::field)
                        .containsExactly("endpoints.token"));
        AppRequest api = request(null, new EndpointsRequest(null, null, null, null, Map.of(Region.EU, url), null));
        assertThatThrownBy(() -> api.checkChange(Provider.AMAZON_SELLER, false)).isInstanceOf(ProblemException.class);
    }

    /** Who could name another host would be sent every code, refresh token and secret. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/auth/o2/token",
                "https://api.amazon.com.evil.example/auth/o2/token",
                "https://evil-api.amazon.com/auth/o2/token",
                "https://www.amazon.com/auth/o2/token",
                "https://api.amazon.com./auth/o2/token",
                "https://api.amazon.com@evil.example/auth/o2/token",
                "https://{region}.evil.example/auth/o2/token",
                "http://api.amazon.com/auth/o2/token"
            })
    void secrets_and_tokens_go_to_amazons_own_hosts_alone(String url) {
        for (EndpointsRequest endpoints : List.of(
                new EndpointsRequest(null, url, null, null, null, null),
                new EndpointsRequest(null, null, null, Map.of(Region.EU, url), null, null),
                new EndpointsRequest(null, null, null, null, Map.of(Region.EU, url), null))) {
            AppRequest request = request(null, endpoints);
            assertThatThrownBy(() -> request.checkChange(Provider.AMAZON_ADS, false))
                    .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.errors())
                            .extracting(FieldError::field)
                            .containsExactly(request.named().get(request.named().size() - 1)));
        }
        assertThat(EndpointReadiness.refusal("Sellers", "endpoints.token", url)).isNotNull();
        assertThat(EndpointReadiness.refusal("Ads", "endpoints.tokens.EU", url)).isNotNull();
        assertThat(EndpointReadiness.refusal("Sellers", "endpoints.api.EU", url))
                .isNotNull();
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void what_applications_are_preset_with_is_amazons_own(Provider provider) {
        Preset preset = Preset.of(provider, URI.create("https://connect.example"));
        request(null, new EndpointsRequest(null, preset.token(), null, preset.tokens(), preset.api(), null))
                .checkChange(provider, false);
        preset.api()
                .forEach((region, url) -> assertThat(EndpointReadiness.refusal("Any", "endpoints.api." + region, url))
                        .isNull());
        request(
                        null,
                        new EndpointsRequest(
                                "https://sellercentral.example/{country}",
                                "https://api.amazon.co.uk/auth/o2/token",
                                null,
                                null,
                                Map.of(Region.EU, "https://sandbox.sellingpartnerapi-eu.amazon.com"),
                                null))
                .checkChange(provider, false);
    }

    private static AppRequest request(@Nullable Provider provider, EndpointsRequest endpoints) {
        return new AppRequest(
                "Sellers", provider, "client", "secret", null, "app", null, null, null, null, null, endpoints);
    }
}
