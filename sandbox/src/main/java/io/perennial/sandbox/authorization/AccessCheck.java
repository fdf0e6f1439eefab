package io.perennial.sandbox.authorization;

import io.perennial.sandbox.application.Application;

/** What an access token is good for. */
public sealed interface AccessCheck {

    record Granted(String sellerId, String applicationId, Application.Kind kind) implements AccessCheck {}

    /** Its hour ran out. */
    record Expired() implements AccessCheck {}

    /** Unknown, or of an authorization that ended. */
    record Invalid() implements AccessCheck {}

    /** Speaks for an application and no account. */
    record Grantless() implements AccessCheck {}
}
