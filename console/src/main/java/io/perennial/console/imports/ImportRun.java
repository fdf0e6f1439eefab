package io.perennial.console.imports;

import io.perennial.console.words.Moments;
import io.perennial.console.words.Tone;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** An import as a person reads it. */
record ImportRun(JsonObject body) {
    /** What is wrong with a line. */
    record Fault(long line, String externalId, String field, String message) {}

    public String id() {
        return body.getString("id", "");
    }

    public String name() {
        return body.getString("name", "without a name");
    }

    public boolean dryRun() {
        return body.getBoolean("dryRun", false);
    }

    public boolean running() {
        return body.getString("state", "").equals("RUNNING");
    }

    public boolean interrupted() {
        return body.getString("state", "").equals("INTERRUPTED");
    }

    public String stateWord() {
        return running() ? "Running" : interrupted() ? "Interrupted" : "Completed";
    }

    public String css() {
        return (running() ? Tone.SOON : interrupted() || count("failed") > 0 ? Tone.BAD : Tone.GOOD).css();
    }

    public String started() {
        return Moments.minute(Instant.parse(body.getString("startedAt", "1970-01-01T00:00:00Z")));
    }

    public String advice() {
        return body.getString("advice", "");
    }

    public long count(String what) {
        return body.getLong(what, 0L);
    }

    public List<Fault> faults() {
        JsonArray faults = body.getJsonArray("faults", new JsonArray());
        return IntStream.range(0, faults.size())
                .mapToObj(faults::getJsonObject)
                .map(fault -> new Fault(
                        fault.getLong("line", 0L),
                        fault.getString("externalId", ""),
                        fault.getString("field", ""),
                        fault.getString("message", "")))
                .toList();
    }
}
