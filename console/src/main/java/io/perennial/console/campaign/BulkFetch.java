package io.perennial.console.campaign;

import io.perennial.console.words.Tone;
import io.vertx.core.json.JsonObject;

/** How far the fetches of a large campaign are planned, as a person reads it. */
record BulkFetch(JsonObject body) {
    public String id() {
        return body.getString("id", "");
    }

    public boolean planning() {
        return body.getString("state", "").equals("PLANNING");
    }

    public boolean planned() {
        return body.getString("state", "").equals("PLANNED");
    }

    public String stateWord() {
        return planning() ? "Being planned" : planned() ? "All planned" : "Not all planned";
    }

    public String css() {
        return (planning() ? Tone.SOON : planned() ? Tone.GOOD : Tone.BAD).css();
    }

    public long count(String what) {
        return body.getLong(what, 0L);
    }

    /** What is in the way; empty if nothing is. */
    public String message() {
        return body.getString("message", "");
    }
}
