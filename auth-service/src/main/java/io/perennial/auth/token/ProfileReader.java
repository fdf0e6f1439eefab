package io.perennial.auth.token;

import io.perennial.auth.application.Apps;
import io.perennial.auth.token.amazon.AdvertisingProfile;
import io.perennial.auth.token.amazon.ProfileListing;
import io.perennial.auth.token.amazon.ProfilesClient;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks the provider which advertising profiles a connection's grant opens now. */
@ApplicationScoped
public class ProfileReader {
    private final TokenBroker broker;
    private final ProfilesClient profiles;
    private final Apps apps;

    ProfileReader(TokenBroker broker, ProfilesClient profiles, Apps apps) {
        this.broker = broker;
        this.profiles = profiles;
        this.apps = apps;
    }

    /** What a grant opens. */
    public record Opened(UUID grantId, List<AdvertisingProfile> profiles) {}

    /** Null if the provider does not answer; a problem if the connection has no access. */
    public Uni<@Nullable Opened> look(UUID connectionId) {
        return broker.access(connectionId)
                .chain(access -> apps.get(access.grant().app())
                        .chain(app -> profiles.profiles(app, access.grant().region(), access.token()))
                        .map(listing -> listing instanceof ProfileListing.Known known
                                ? new Opened(access.grant().id(), known.profiles())
                                : null));
    }
}
