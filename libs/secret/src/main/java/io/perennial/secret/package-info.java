/**
 * Types for what must never be printed: tokens, authorization codes and client secrets.
 *
 * <p>Their text comes out only against a {@link io.perennial.secret.SecretAccess}, and each service's architecture test
 * names the packages that may obtain one. So every place that can leak is one search away.
 */
@NullMarked
package io.perennial.secret;

import org.jspecify.annotations.NullMarked;
