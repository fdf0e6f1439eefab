/**
 * The merchants at the stand-in for Amazon: two dozen sellers and a few vendors, always the same for one seed, and small
 * sellers on request. Their passwords are sandbox passwords and shown at {@code /sandbox/sellers}.
 */
@NullMarked
package io.perennial.sandbox.sellingpartner;

import org.jspecify.annotations.NullMarked;
