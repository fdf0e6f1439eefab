package io.perennial.auth.token.amazon;

/** Whether an access token can read an order that is known to exist. */
public sealed interface OrderSight {
    /** No order was known to ask for. */
    record NotAsked() implements OrderSight {}

    /** It can. */
    record Readable() implements OrderSight {}

    /** The provider knows no such order of this account. */
    record Missing() implements OrderSight {}

    /** The provider refuses to say, for good. */
    record Denied() implements OrderSight {}

    /** No verdict: the provider or the network is at fault. */
    record Unknown() implements OrderSight {}
}
