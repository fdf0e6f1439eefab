package io.perennial.auth.authorization;

import io.perennial.auth.authorization.link.ConsentLinks;
import io.perennial.auth.authorization.link.ConsentLinks.ConsentLink;
import io.perennial.auth.authorization.link.ConsentLinks.Target;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.contracts.ConnectionStatus;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which connection of a link a merchant goes on with after one of them is back: the next by region. */
@ApplicationScoped
class NextInLink {
    private final ConsentLinks links;
    private final Connections connections;

    NextInLink(ConsentLinks links, Connections connections) {
        this.links = links;
        this.connections = connections;
    }

    /** The next one that still waits; null if none does, or the attempt came by no link. */
    Uni<@Nullable ConnectionView> after(Attempt attempt) {
        boolean done =
                attempt.status() == AuthorizationStatus.COMPLETED || attempt.status() == AuthorizationStatus.SUPERSEDED;
        return attempt.linkId() == null || !done
                ? Uni.createFrom().nullItem()
                : links.find(attempt.linkId())
                        .chain(link -> link == null ? Uni.createFrom().nullItem() : next(link, attempt.connectionId()));
    }

    private Uni<@Nullable ConnectionView> next(ConsentLink link, UUID done) {
        Map<UUID, Integer> wanted = link.targets().stream()
                .filter(target -> !target.connectionId().equals(done))
                .collect(Collectors.toMap(Target::connectionId, Target::generation));
        return connections.find(List.copyOf(wanted.keySet())).map(found -> found.stream()
                .filter(connection -> connection.state() != ConnectionStatus.DISCONNECTED
                        && Objects.equals(wanted.get(connection.id()), connection.generation()))
                .min(Comparator.comparing(ConnectionView::region).thenComparing(ConnectionView::id))
                .orElse(null));
    }
}
