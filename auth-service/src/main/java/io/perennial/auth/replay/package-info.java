/**
 * Dead letters of this service that come back, each to the capability that handles its topic. It knows those capabilities'
 * consumers and nothing else; nobody calls it.
 */
@NullMarked
package io.perennial.auth.replay;

import org.jspecify.annotations.NullMarked;
