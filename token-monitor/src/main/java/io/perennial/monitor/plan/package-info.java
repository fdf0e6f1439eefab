/**
 * Which tenant has chosen other stages than the usual ones, told by auth-service on {@code perennial.tenant-state.v1}.
 *
 * <p>Whoever plans a connection asks {@link io.perennial.monitor.plan.TenantPlans} in its transaction, and the loop asks the
 * same table when a row is due, so a choice counts from its commit on. Connections that were planned before are planned
 * anew in batches by {@link io.perennial.monitor.plan.Replanning}; what was told stays told.
 */
@NullMarked
package io.perennial.monitor.plan;

import org.jspecify.annotations.NullMarked;
