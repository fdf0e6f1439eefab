/**
 * Merchants who consented before anybody knew whom they belong to: kept sealed, used for nothing, until an operator or the
 * merchant himself names the connection, or the time is over.
 */
@NullMarked
package io.perennial.auth.authorization.unclaimed;

import org.jspecify.annotations.NullMarked;
