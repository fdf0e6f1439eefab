package io.perennial.auth.connection;

import io.smallrye.mutiny.Uni;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Destroys what a given-up connection leaves; whoever keeps the grants implements it. */
public interface GrantDisposal {
    /** Destroys the keys of every grant of the connection, in the session's transaction. */
    Uni<Void> destroyAll(Mutiny.Session session, UUID connectionId);
}
