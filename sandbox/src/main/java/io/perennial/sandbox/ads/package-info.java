/**
 * Advertising: profiles, who may edit them, and the one operation of the Ads API that lists them.
 *
 * <p>Every store has one profile for each of its marketplaces. Its own people see it, and agencies that it gave the right to.
 */
@NullMarked
package io.perennial.sandbox.ads;

import org.jspecify.annotations.NullMarked;
