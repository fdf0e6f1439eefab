package io.perennial.console.campaign;

import io.perennial.console.words.Moments;
import io.perennial.console.words.Names;
import io.perennial.console.words.Tone;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** A campaign as a person reads it. */
record Campaign(JsonObject body) {
    public String id() {
        return body.getString("id", "");
    }

    public int number() {
        return body.getInteger("number", 0);
    }

    public String name() {
        return body.getString("name", "");
    }

    public String reason() {
        return Names.plain(body.getString("reason", ""));
    }

    public String tenant() {
        return body.getString("tenant", "all tenants");
    }

    public String state() {
        return body.getString("state", "");
    }

    public boolean running() {
        return state().equals("RUNNING");
    }

    public boolean stopped() {
        return state().equals("STOPPED");
    }

    public String stateWord() {
        return running() ? "Running" : stopped() ? "Stopped" : "All mails are out";
    }

    public String css() {
        return (running() ? Tone.SOON : stopped() ? Tone.IDLE : Tone.GOOD).css();
    }

    public int mailsPerMinute() {
        return body.getInteger("mailsPerMinute", 0);
    }

    public String created() {
        return Moments.minute(Instant.parse(body.getString("createdAt", "1970-01-01T00:00:00Z")));
    }

    /** A number of its progress. */
    public long count(String what) {
        return body.getJsonObject("progress", new JsonObject()).getLong(what, 0L);
    }
}
