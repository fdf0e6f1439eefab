/**
 * The Login URI leg: what the provider tells when it brings a merchant to us, and whether it is the provider who says so.
 */
@NullMarked
package io.perennial.auth.authorization.login;

import org.jspecify.annotations.NullMarked;
