package io.perennial.auth.token;

/** A sealed candidate on its way into the database. */
public final class UnstoredGrant {
    private final Grant grant;

    UnstoredGrant(Grant grant) {
        this.grant = grant;
    }

    Grant grant() {
        return grant;
    }
}
