package io.perennial.console.live;

import io.perennial.console.web.Visitor;
import io.smallrye.mutiny.Multi;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Server-sent events: ids of connections that changed. The page asks for what it shows of them by its usual way. */
@Path("/live")
@RolesAllowed({"viewer", "operator", "admin"})
class LiveResource {
    /** Shorter than the idle time-outs of proxies and of this server. */
    private static final Duration ALIVE = Duration.ofSeconds(15);

    /** A stream is checked at its beginning only; after this time the browser comes back and is checked again. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final ChangeFeed feed;
    private final Visitor visitor;

    LiveResource(ChangeFeed feed, Visitor visitor) {
        this.feed = feed;
        this.visitor = visitor;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> changes(@Context Sse sse) {
        String @Nullable [] tenants = visitor.tenants();
        Multi<OutboundSseEvent> changes = feed.changes()
                .map(all -> all.seenBy(tenants))
                .filter(seen -> !seen.isEmpty())
                .map(seen -> event(sse, seen.tooMany() ? "everything" : "changed", seen.ids()));
        Multi<OutboundSseEvent> alive = Multi.createFrom()
                .ticks()
                .startingAfter(Duration.ofMillis(1))
                .every(ALIVE)
                .onOverflow()
                .drop()
                .map(tick -> event(sse, "alive", ""));
        return Multi.createBy().merging().streams(changes, alive).select().first(LONGEST);
    }

    private static OutboundSseEvent event(Sse sse, String name, String data) {
        return sse.newEventBuilder().name(name).data(String.class, data).build();
    }
}
