package io.perennial.auth.authorization;

import io.perennial.auth.authorization.link.ConsentLinks;
import io.perennial.auth.authorization.link.ConsentLinks.ConsentLink;
import io.perennial.auth.authorization.link.ConsentLinks.Target;
import io.smallrye.mutiny.Multi;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code /connect/{link}/events}: tells the landing page that a connection is back. It says no more than {@code changed};
 * the page reads itself anew.
 */
@Path("/connect/{link}/events")
@PermitAll
public class CompletionResource {
    /** Browsers connect again by themselves; a page that was forgotten does so rarely. */
    private static final Duration LIFE = Duration.ofMinutes(10);

    /** Proxies close streams on which nothing moves. */
    private static final Duration BEAT = Duration.ofSeconds(25);

    private final ConsentLinks links;
    private final Completions completions;

    CompletionResource(ConsentLinks links, Completions completions) {
        this.links = links;
        this.completions = completions;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> events(String link, @Context Sse sse) {
        return links.find(link).onItem().transformToMulti(this::changes).map(name -> event(sse, name));
    }

    private Multi<String> changes(@Nullable ConsentLink link) {
        if (link == null) {
            return Multi.createFrom().item("gone");
        }
        Multi<String> beats = Multi.createFrom().ticks().every(BEAT).map(beat -> "beat");
        Multi<String> changed = completions.watch(
                link.targets().stream().map(Target::connectionId).collect(Collectors.toSet()));
        return Multi.createBy().merging().streams(changed, beats).select().first(LIFE);
    }

    private static OutboundSseEvent event(Sse sse, String name) {
        return sse.newEventBuilder().name(name).data("").build();
    }
}
