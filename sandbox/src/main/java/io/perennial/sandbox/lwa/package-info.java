/** The token endpoint of Login with Amazon: form or JSON requests, exact error bodies, tokens on the domain clock. */
@NullMarked
package io.perennial.sandbox.lwa;

import org.jspecify.annotations.NullMarked;
