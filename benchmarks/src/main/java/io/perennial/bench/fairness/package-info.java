/** Whether small sellers and small tenants are slowed by large ones, on a virtual clock, and what deciding costs. */
@NullMarked
package io.perennial.bench.fairness;

import org.jspecify.annotations.NullMarked;
