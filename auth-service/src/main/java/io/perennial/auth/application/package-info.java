/**
 * Applications at a provider: client credentials (write-only), addresses, and the table of marketplaces.
 */
@NullMarked
package io.perennial.auth.application;

import org.jspecify.annotations.NullMarked;
