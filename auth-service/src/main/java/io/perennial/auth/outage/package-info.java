/**
 * The breaker of each application and region: platform faults and waves of refusals open it, then nothing is asked and
 * nobody's state changes until a trial succeeds. It is a row, so that all replicas and a restart see the same.
 */
@NullMarked
package io.perennial.auth.outage;

import org.jspecify.annotations.NullMarked;
