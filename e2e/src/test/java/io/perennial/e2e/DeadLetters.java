package io.perennial.e2e;

import io.perennial.contracts.Topics;
import io.perennial.testsupport.Events;
import io.perennial.testsupport.ReceivedEvent;
import java.util.List;

/** What every consumer has put aside. */
final class DeadLetters {
    private static final String[] TOPICS = Topics.all().stream()
            .map(Topics.TopicSpec::name)
            .filter(name -> name.endsWith(".dlq"))
            .toArray(String[]::new);

    private DeadLetters() {}

    static List<ReceivedEvent> in(House house) {
        try (Events letters = house.events(TOPICS)) {
            return letters.upToNow();
        }
    }
}
