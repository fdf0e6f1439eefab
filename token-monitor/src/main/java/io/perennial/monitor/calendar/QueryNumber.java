package io.perennial.monitor.calendar;

import io.perennial.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** Numbers in a query string. Taken as text, because a number that can not be converted would be answered with 404. */
record QueryNumber(String name, int least, int most) {
    int orElse(@Nullable String text, int absent) {
        if (text == null) {
            return absent;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw refused();
        }
        throw refused();
    }

    private ProblemException refused() {
        return ProblemException.invalidField(name, "must be a number between " + least + " and " + most);
    }
}
