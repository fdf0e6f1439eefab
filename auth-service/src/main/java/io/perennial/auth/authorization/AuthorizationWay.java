package io.perennial.auth.authorization;

/** How an attempt to authorize began. */
enum AuthorizationWay {
    /** On our page, by a consent link. */
    WEBSITE,
    /** At the provider, which brought the merchant to the Login URI. */
    PROVIDER,
    /** The merchant consented before anybody knew whom he belongs to; the connection was named afterwards. */
    UNCLAIMED,
    /** A private application's owner authorized himself and gave us the refresh token. */
    SELF,
    /** An integrator brought a later token along. */
    IMPORT
}
