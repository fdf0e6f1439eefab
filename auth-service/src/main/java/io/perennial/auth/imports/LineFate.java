package io.perennial.auth.imports;

import org.jspecify.annotations.Nullable;

/** What becomes of a line that has no fault of its own. */
enum LineFate {
    IMPORTED(null, null),
    /** It is there already, or a later consent than the line's is. */
    UNCHANGED(null, null),
    /** A later token of a connection that is there: tried before it counts. */
    RECEIVED(null, null),
    TAKEN("externalId", "is taken: by another account, or by a connection that waits for its first consent"),
    HELD("accountId", "is held by another connection of the tenant"),
    /** A deployment that lets one tenant only hold an account; of other tenants nothing is told. */
    BARRED("accountId", "must be an account that may be connected here"),
    PROFILE_HELD("profiles", "name one that another connection of the tenant has chosen"),
    NO_LATER(
            "refreshToken",
            "is another one than the connection has; it is tried if the line has a grantedAt later than the connection's"),
    PUT_AWAY("refreshToken", "was tried and not accepted: the history of the connection tells why"),
    UNDONE("line", "met another request that was undone; send it again");

    private final @Nullable String field;
    private final @Nullable String message;

    LineFate(@Nullable String field, @Nullable String message) {
        this.field = field;
        this.message = message;
    }

    /** What is wrong with the line; null if nothing is. */
    @Nullable
    ImportFault fault(ImportBatch.Entry entry) {
        return field == null || message == null
                ? null
                : new ImportFault(
                        entry.line(),
                        entry.connection().tenantId(),
                        entry.connection().externalId(),
                        field,
                        message);
    }
}
