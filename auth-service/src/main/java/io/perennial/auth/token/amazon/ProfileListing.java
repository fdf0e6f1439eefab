package io.perennial.auth.token.amazon;

import java.util.List;

/** What the Ads API says about the profiles behind an access token. */
public sealed interface ProfileListing {
    /** The profiles; none: the wrong region, or no rights. */
    record Known(List<AdvertisingProfile> profiles) implements ProfileListing {}

    /** No verdict: the provider or the network is at fault. */
    record Unknown() implements ProfileListing {}
}
