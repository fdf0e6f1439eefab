package io.perennial.auth.token.amazon;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the provider's API says about whom an access token belongs to. */
public sealed interface Participation {
    /** The store, and where it takes part. */
    record Known(@Nullable String storeName, List<String> marketplaces) implements Participation {}

    /** The provider has no such operation for accounts of this kind. */
    record NotOffered() implements Participation {}

    /** The API refuses the token for good. */
    record Denied() implements Participation {}

    /** No verdict: the provider or the network is at fault. */
    record Unknown() implements Participation {}
}
