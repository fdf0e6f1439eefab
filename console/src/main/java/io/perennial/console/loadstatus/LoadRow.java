package io.perennial.console.loadstatus;

import io.perennial.console.words.TroubleSentence;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The days of one connection. */
record LoadRow(UUID id, String label, List<Day> days) {
    private static final DateTimeFormatter SPOKEN = DateTimeFormatter.ofPattern("EEE d MMM", Locale.ENGLISH);

    /** One square; {@code title} says all of it in words. */
    record Day(LocalDate date, DayStatus status, String title) {}

    static LoadRow of(JsonObject connection, @Nullable String label, LocalDate from, LocalDate to) {
        Map<LocalDate, JsonObject> reported = new HashMap<>();
        JsonArray days = connection.getJsonArray("days", new JsonArray());
        for (int i = 0; i < days.size(); i++) {
            JsonObject day = days.getJsonObject(i);
            reported.put(LocalDate.parse(day.getString("date")), day);
        }
        List<Day> squares = IntStream.rangeClosed(0, (int) (to.toEpochDay() - from.toEpochDay()))
                .mapToObj(from::plusDays)
                .map(date -> day(date, reported.getOrDefault(date, new JsonObject())))
                .toList();
        String name = label == null ? connection.getString("externalId", "") : label;
        return new LoadRow(UUID.fromString(connection.getString("connectionId")), name, squares);
    }

    private static Day day(LocalDate date, JsonObject reported) {
        DayStatus status = DayStatus.of(reported.getString("status", "NONE"));
        String code = reported.getString("code");
        String title = SPOKEN.format(date) + ": " + status.word()
                + counted(reported.getInteger("orders"), "order")
                + counted(reported.getInteger("profiles"), "profile")
                + (code == null ? "" : ", " + TroubleSentence.because(code));
        return new Day(date, status, title);
    }

    private static String counted(@Nullable Integer count, String what) {
        return count == null || count == 0 ? "" : ", " + count + " " + what + (count == 1 ? "" : "s");
    }
}
