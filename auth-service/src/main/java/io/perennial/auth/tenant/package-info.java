/**
 * Customers of the integrator: brand, support contact, registered return URLs.
 */
@NullMarked
package io.perennial.auth.tenant;

import org.jspecify.annotations.NullMarked;
