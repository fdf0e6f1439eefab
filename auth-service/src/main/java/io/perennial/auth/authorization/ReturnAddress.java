package io.perennial.auth.authorization;

import jakarta.ws.rs.core.UriBuilder;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a merchant returns to: the registered address of the link, told which connection it is about and what became of it. */
final class ReturnAddress {
    private ReturnAddress() {}

    static @Nullable String of(@Nullable String registered, UUID connection, String outcome) {
        return registered == null
                ? null
                : UriBuilder.fromUri(registered)
                        .replaceQueryParam("connection", connection)
                        .replaceQueryParam("outcome", outcome)
                        .build()
                        .toString();
    }
}
