package io.perennial.auth.connection.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GrantLifeTest {
    private static final Instant CUT_OFF = Instant.parse("2026-07-30T00:00:00Z");

    private final GrantLife life = new GrantLife(() -> CUT_OFF, Optional::empty);

    /** The whole rule, as a table. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "never",
            useHeadersInDisplayName = true,
            textBlock =
                    """
            PROVIDER,      PRIVATE, GRANTED,                        ENDS
            AMAZON_SELLER, false,   2026-11-22T10:00:00Z,           2027-11-22T10:00:00Z
            AMAZON_VENDOR, false,   2026-11-22T10:00:00Z,           2027-11-22T10:00:00Z
            AMAZON_ADS,    false,   2026-11-22T10:00:00Z,           2027-11-22T10:00:00Z
            # from the cut-off on consents of advertisers end, to the nanosecond; others always did
            AMAZON_ADS,    false,   2026-07-29T23:59:59.999999999Z, never
            AMAZON_ADS,    false,   2026-07-30T00:00:00Z,           2027-07-30T00:00:00Z
            AMAZON_ADS,    false,   2020-01-01T00:00:00Z,           never
            AMAZON_SELLER, false,   2026-07-29T23:59:59.999999999Z, 2027-07-29T23:59:59.999999999Z
            AMAZON_VENDOR, false,   2020-01-01T00:00:00Z,           2020-12-31T00:00:00Z
            # who authorizes himself is under no rule, before and after the cut-off
            AMAZON_SELLER, true,    2026-11-22T10:00:00Z,           never
            AMAZON_VENDOR, true,    2026-11-22T10:00:00Z,           never
            AMAZON_ADS,    true,    2026-07-29T23:59:59.999999999Z, never
            AMAZON_ADS,    true,    2026-07-30T00:00:00Z,           never
            # 365 days are no calendar year where a 29 February lies between
            AMAZON_SELLER, false,   2028-02-29T12:00:00Z,           2029-02-28T12:00:00Z
            AMAZON_SELLER, false,   2028-02-28T12:00:00Z,           2029-02-27T12:00:00Z
            AMAZON_SELLER, false,   2028-03-01T00:00:00Z,           2029-03-01T00:00:00Z
            AMAZON_SELLER, false,   2027-03-01T00:00:00Z,           2028-02-29T00:00:00Z
            AMAZON_SELLER, false,   2027-02-28T23:59:59.999999Z,    2028-02-28T23:59:59.999999Z
            # the hours in which Europe and America change their clocks, and the turn of the year
            AMAZON_SELLER, false,   2027-03-28T01:30:00Z,           2028-03-27T01:30:00Z
            AMAZON_SELLER, false,   2026-11-01T06:30:00Z,           2027-11-01T06:30:00Z
            AMAZON_SELLER, false,   2026-12-31T23:59:59.999999999Z, 2027-12-31T23:59:59.999999999Z
            # nothing is rounded
            AMAZON_SELLER, false,   2026-11-22T10:00:00.000000001Z, 2027-11-22T10:00:00.000000001Z
            AMAZON_SELLER, false,   2026-11-22T10:00:00.5Z,         2027-11-22T10:00:00.5Z
            """)
    void a_grant_ends_as_its_provider_rules(
            Provider provider, boolean privateApplication, Instant granted, Instant ends) {
        assertThat(life.end(provider, privateApplication, granted)).isEqualTo(ends);
    }

    @ParameterizedTest
    @EnumSource
    void a_life_that_is_set_for_private_applications_counts_for_them_alone(Provider provider) {
        GrantLife set = new GrantLife(() -> CUT_OFF, () -> Optional.of(Duration.ofDays(180)));

        assertThat(set.end(provider, true, CUT_OFF)).isEqualTo(CUT_OFF.plus(Duration.ofDays(180)));
        assertThat(set.end(provider, false, CUT_OFF)).isEqualTo(GrantLife.yearAfter(CUT_OFF));
    }
}
