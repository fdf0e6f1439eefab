package io.perennial.console.connection;

import io.perennial.console.view.HistoryView;
import io.perennial.console.words.EventSentence;
import java.time.Instant;

/** One thing that happened, in words. */
record StoryLine(Instant at, EventSentence said) {

    static StoryLine of(HistoryView history) {
        return new StoryLine(history.at(), EventSentence.of(history.event()));
    }
}
