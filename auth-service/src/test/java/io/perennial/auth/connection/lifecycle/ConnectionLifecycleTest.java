package io.perennial.auth.connection.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Decision;
import io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Happening;
import io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Moves;
import io.perennial.auth.connection.lifecycle.ConnectionLifecycle.Refused;
import io.perennial.contracts.ConnectionStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionLifecycleTest {
    /** Rows are states, columns happenings; a new state or happening fails until it is decided here. */
    private static final String TABLE =
            """
                         | CONSENT_PROMOTED    | END_REACHED_ALIVE   | END_REACHED_REFUSED     | GRANT_REFUSED           | GRANT_REFUSED_AGAIN        | PROBE_SUCCEEDED     | DISCONNECT
            PENDING      | ACTIVE AUTHORIZED   | -                   | -                       | -                       | -                          | -                   | DISCONNECTED DISCONNECTED_FOR_GOOD
            ACTIVE       | ACTIVE RENEWED      | OVERDUE STATE_ONLY  | EXPIRED EXPIRED_AT_END  | SUSPECT STATE_ONLY      | -                          | -                   | DISCONNECTED DISCONNECTED_FOR_GOOD
            SUSPECT      | ACTIVE RENEWED      | OVERDUE STATE_ONLY  | EXPIRED EXPIRED_AT_END  | -                       | REVOKED REVOKED_BEFORE_END | ACTIVE STATE_ONLY   | DISCONNECTED DISCONNECTED_FOR_GOOD
            OVERDUE      | ACTIVE RENEWED      | -                   | EXPIRED EXPIRED_AT_END  | EXPIRED EXPIRED_AT_END  | EXPIRED EXPIRED_AT_END     | ACTIVE STATE_ONLY   | DISCONNECTED DISCONNECTED_FOR_GOOD
            EXPIRED      | ACTIVE RENEWED      | ACTIVE REINSTATED   | -                       | -                       | -                          | ACTIVE REINSTATED   | DISCONNECTED DISCONNECTED_FOR_GOOD
            REVOKED      | ACTIVE RENEWED      | ACTIVE REINSTATED   | -                       | -                       | -                          | ACTIVE REINSTATED   | DISCONNECTED DISCONNECTED_FOR_GOOD
            DISCONNECTED | refused             | -                   | -                       | -                       | -                          | -                   | -
            """;

    @Test
    void every_state_meets_every_happening_as_the_table_says() {
        Map<String, String> actual = new LinkedHashMap<>();
        for (ConnectionStatus from : ConnectionStatus.values()) {
            for (Happening happening : Happening.values()) {
                actual.put(from + " x " + happening, text(ConnectionLifecycle.decide(from, happening)));
            }
        }
        assertThat(actual).isEqualTo(table());
    }

    @ParameterizedTest
    @CsvSource({
        "true,  false, false, PROBE_SUCCEEDED",
        "true,  true,  true,  END_REACHED_ALIVE",
        "false, false, false, GRANT_REFUSED",
        "false, false, true,  GRANT_REFUSED_AGAIN",
        "false, true,  false, END_REACHED_REFUSED",
        "false, true,  true,  END_REACHED_REFUSED"
    })
    void a_verdict_means_one_happening(boolean alive, boolean endReached, boolean confirmed, Happening happening) {
        assertThat(ConnectionLifecycle.meaning(alive, endReached, confirmed)).isEqualTo(happening);
    }

    private static Map<String, String> table() {
        Map<String, String> expected = new LinkedHashMap<>();
        String[][] cells = TABLE.lines()
                .map(line -> Stream.of(line.split("\\|")).map(String::strip).toArray(String[]::new))
                .toArray(String[][]::new);
        for (int row = 1; row < cells.length; row++) {
            for (int column = 1; column < cells[0].length; column++) {
                expected.put(cells[row][0] + " x " + cells[0][column], cells[row][column]);
            }
        }
        return expected;
    }

    private static String text(Decision decision) {
        if (decision instanceof Moves moves) {
            return moves.to() + " " + moves.announcement();
        }
        return decision instanceof Refused ? "refused" : "-";
    }
}
