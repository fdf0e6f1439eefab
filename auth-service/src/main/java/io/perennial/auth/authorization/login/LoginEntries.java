package io.perennial.auth.authorization.login;

import io.perennial.auth.application.AppView;
import io.perennial.auth.application.Apps;
import io.perennial.auth.application.Marketplace;
import io.perennial.auth.connection.request.NewConnection;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.service.Mode;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Amazon says at the Login URI. The application comes from the path of the address to go back to, the region
 * from its host. The host is Amazon's by an exact list, or it is the one that an administrator set for the application.
 */
@ApplicationScoped
public class LoginEntries {
    /** Printable, and short enough for any address. */
    private static final Pattern STATE = Pattern.compile("[!-~]{1,2048}");

    private final Apps apps;
    private final Mode mode;

    LoginEntries(Apps apps, Mode mode) {
        this.apps = apps;
        this.mode = mode;
    }

    /** What stands in the address or form, unchecked. */
    public record Spoken(String callbackUri, String amazonState, String sellingPartnerId, String version) {}

    /** The merchant who came; null if it is not Amazon who speaks, or of no application of ours. */
    public Uni<@Nullable LoginEntry> read(Spoken spoken) {
        CallbackAddress address = CallbackAddress.read(spoken.callbackUri());
        if (address == null
                || !STATE.matcher(spoken.amazonState()).matches()
                || !NewConnection.ACCOUNT_ID.matcher(spoken.sellingPartnerId()).matches()
                || !(spoken.version().isEmpty() || spoken.version().equals("beta"))
                || !(address.encrypted() || (address.loopback() && mode == Mode.SANDBOX))) {
            return Uni.createFrom().nullItem();
        }
        return apps.ofApplicationId(address.applicationId()).map(found -> entry(spoken, address, found));
    }

    private static @Nullable LoginEntry entry(Spoken spoken, CallbackAddress address, List<AppView> found) {
        List<AppView> candidates = found.stream()
                .filter(app -> app.provider() != Provider.AMAZON_ADS)
                .toList();
        if (address.region() != null) {
            return candidates.isEmpty() ? null : entry(spoken, candidates, address.region(), address.vendors());
        }
        List<AppView> own = candidates.stream()
                .filter(app -> ownRegion(app, address).isPresent())
                .toList();
        if (own.isEmpty()) {
            return null;
        }
        Region region = ownRegion(own.get(0), address).orElseThrow();
        return entry(spoken, own, region, own.get(0).provider() == Provider.AMAZON_VENDOR);
    }

    private static LoginEntry entry(Spoken spoken, List<AppView> apps, Region region, boolean vendors) {
        return new LoginEntry(
                apps,
                region,
                vendors,
                spoken.callbackUri(),
                spoken.amazonState(),
                spoken.sellingPartnerId(),
                spoken.version().equals("beta"));
    }

    /** The region in which an application's own authorization address is the one that the callback begins with. */
    private static Optional<Region> ownRegion(AppView app, CallbackAddress address) {
        return Arrays.stream(Marketplace.values())
                .filter(marketplace -> app.authorizationBase(marketplace).equals(address.base()))
                .map(Marketplace::region)
                .findFirst();
    }
}
