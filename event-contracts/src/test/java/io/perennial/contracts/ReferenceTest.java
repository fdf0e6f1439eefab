package io.perennial.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceTest {
    /** Merchants have these numbers in their mails: they stay what they are. */
    @ParameterizedTest
    @CsvSource({
        "01a1fff2-1e5f-7598-b500-43654cb402c6, P-6P08-B6NC-320A",
        "00000000-0000-0000-0000-000000000000, P-0000-0000-0000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff, P-ZZZZ-ZZZZ-ZZZZ"
    })
    void the_number_of_a_connection_follows_from_its_id_and_stays_the_same(UUID id, String reference) {
        assertThat(Reference.of(id)).isEqualTo(reference);
    }
}
