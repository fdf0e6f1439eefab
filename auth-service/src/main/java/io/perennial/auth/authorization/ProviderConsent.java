package io.perennial.auth.authorization;

import io.perennial.auth.application.AppView;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.contracts.Provider;
import io.smallrye.mutiny.Uni;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What differs between providers on the way from the button to an accepted consent: the page, the answer, and whose consent
 * it is. State, browser, exchange, candidate and promotion are the same for all.
 */
interface ProviderConsent {
    /** Whether this is the way to that provider. */
    boolean leadsTo(Provider provider);

    /** Where the provider's consent page for a connection starts, without what one attempt adds. */
    URI place(ConnectionView connection, AppView app);

    /** The consent page for one attempt. */
    URI page(ConnectionView connection, AppView app, Ticket ticket);

    /** Name of the parameter that carries the code. */
    String codeParameter();

    /** The provider's answer; null if it is not one that this provider sends. */
    @Nullable
    CallbackAnswer read(CallbackParameters parameters, Ticket ticket);

    /** Whose consent the candidate of an attempt is, and whether that is the right one. */
    Uni<Ruling> rule(Attempt attempt, ConnectionView connection);
}
