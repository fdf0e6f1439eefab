package io.perennial.auth.token;

import java.util.UUID;

/** A sealed candidate on its way into the database. */
public final class UnstoredGrant {
    private final Grant grant;

    UnstoredGrant(Grant grant) {
        this.grant = grant;
    }

    /** What it will be known by. */
    public UUID id() {
        return grant.id;
    }

    Grant grant() {
        return grant;
    }
}
