package io.perennial.sandbox.clock;

import io.perennial.sandbox.control.Refusal;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Path("/sandbox/clock")
class ClockResource {

    record Reading(Instant now, Duration offset) {}

    record Advance(@Nullable String advance) {}

    private final SandboxClock clock;

    ClockResource(SandboxClock clock) {
        this.clock = clock;
    }

    @GET
    public Reading read() {
        return new Reading(clock.instant(), clock.offset());
    }

    @POST
    public Reading advance(@Nullable Advance body) {
        if (body == null || body.advance() == null) {
            throw Refusal.badRequest("advance is missing: a duration such as 335d, 12h or P7D");
        }
        Duration by = DurationText.parse(body.advance())
                .filter(duration -> !duration.isNegative())
                .orElseThrow(() -> Refusal.badRequest("advance must be a forward duration such as 335d, 12h or P7D"));
        clock.advance(by);
        return read();
    }
}
