/** What is due, claimed and announced by token-monitor: beside plain SQL, and beside schedulers that others would take. */
@NullMarked
package io.perennial.bench.expiry;

import org.jspecify.annotations.NullMarked;
