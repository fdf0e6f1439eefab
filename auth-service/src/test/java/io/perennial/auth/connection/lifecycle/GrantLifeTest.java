package io.perennial.auth.connection.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.Provider;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrantLifeTest {
    private static final Instant CUT_OFF = Instant.parse("2026-07-30T00:00:00Z");

    private final GrantLife life = new GrantLife(() -> CUT_OFF);

    @Test
    void advertising_consents_have_an_end_only_from_the_cut_off_on() {
        assertThat(life.of(Provider.AMAZON_ADS, CUT_OFF.minusMillis(1))).isNull();
        assertThat(life.of(Provider.AMAZON_ADS, CUT_OFF)).hasDays(365);
    }

    @ParameterizedTest
    @EnumSource(
            value = Provider.class,
            names = {"AMAZON_SELLER", "AMAZON_VENDOR"})
    void the_others_always_have_one(Provider provider) {
        assertThat(life.of(provider, CUT_OFF.minusSeconds(1))).hasDays(365);
    }
}
