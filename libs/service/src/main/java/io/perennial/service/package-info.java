/**
 * What every service of the house is made of: framework defaults, the mode it runs in, the clocks, the caller with roles
 * and tenants, and the refusal of ambiguous paths.
 *
 * <p>The defaults stand in {@code META-INF/microprofile-config.properties} of this library, so that a service's own
 * {@code application.properties} holds only what is its own.
 */
@NullMarked
package io.perennial.service;

import org.jspecify.annotations.NullMarked;
