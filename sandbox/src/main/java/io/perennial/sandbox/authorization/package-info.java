/**
 * What selling partners allowed: one authorization for each account and application, its codes and its tokens.
 *
 * <p>An authorization ends 365 days after the last consent or when the account disables it; a code lives five minutes and once;
 * only hashes of codes and tokens are stored. All times are domain time.
 */
@NullMarked
package io.perennial.sandbox.authorization;

import org.jspecify.annotations.NullMarked;
