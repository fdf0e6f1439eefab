package io.perennial.sandbox.calllog;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.StreamingOutput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;

@Path("/sandbox/log")
class CallLogResource {

    private static final int BATCH = 5000;

    private final CallLog log;
    private final ObjectMapper json;

    CallLogResource(CallLog log, ObjectMapper json) {
        this.log = log;
        this.json = json.copy().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    }

    /** Oldest first, one JSON object a line; {@code after} is the last sequence already read. */
    @GET
    @Produces("application/x-ndjson")
    public StreamingOutput log(@RestQuery @DefaultValue("0") long after) {
        return output -> {
            long read = after;
            List<CallLog.Line> lines;
            do {
                lines = log.after(read, BATCH);
                for (CallLog.Line line : lines) {
                    output.write(json.writeValueAsString(line).getBytes(StandardCharsets.UTF_8));
                    output.write('\n');
                    read = line.sequence();
                }
            } while (lines.size() == BATCH);
        };
    }
}
