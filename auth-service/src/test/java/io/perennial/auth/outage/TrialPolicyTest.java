package io.perennial.auth.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.outage.TrialPolicy.Answer;
import io.perennial.auth.outage.TrialPolicy.Tried;
import io.perennial.contracts.OutageReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialPolicyTest {
    private static final Duration HOLD = Duration.ofMinutes(30);

    @ParameterizedTest(name = "{0} after {1} min: refused ones {2}, others {3} -> over {4}")
    @CsvSource({
        "PROVIDER_BROKEN, 1, NONE, NONE, false",
        "PROVIDER_BROKEN, 1, REFUSED, NONE, true",
        "CLIENT_REFUSED, 1, NONE, ALIVE, true",
        "THROTTLED, 600, NONE, NONE, false",
        "MASS_REFUSAL, 1, ALIVE, REFUSED, true",
        "MASS_REFUSAL, 1, REFUSED, ALIVE, false",
        "MASS_REFUSAL, 31, REFUSED, ALIVE, true",
        "MASS_REFUSAL, 31, REFUSED, REFUSED, false",
        "MASS_REFUSAL, 600, REFUSED, NONE, false",
        "MASS_REFUSAL, 600, NONE, NONE, false"
    })
    void an_outage_is_over(OutageReason reason, int minutes, Answer suspects, Answer others, boolean over) {
        List<Tried> tried = new ArrayList<>();
        tried.add(new Tried(true, suspects));
        tried.add(new Tried(false, others));
        assertThat(TrialPolicy.over(reason, Duration.ofMinutes(minutes), HOLD, tried))
                .isEqualTo(over);
    }

    @Test
    void with_nobody_left_to_ask_the_next_question_decides() {
        for (OutageReason reason : OutageReason.values()) {
            assertThat(TrialPolicy.over(reason, Duration.ZERO, HOLD, List.of())).isTrue();
        }
    }
}
