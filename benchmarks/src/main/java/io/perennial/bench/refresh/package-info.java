/** One refresh per token however many ask, and how many tokens are refreshed in a second. */
@NullMarked
package io.perennial.bench.refresh;

import org.jspecify.annotations.NullMarked;
