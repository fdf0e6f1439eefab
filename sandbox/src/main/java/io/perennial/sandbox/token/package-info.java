/** Secrets that the sandbox hands out: made at random, kept only as hashes, never printed. */
@NullMarked
package io.perennial.sandbox.token;

import org.jspecify.annotations.NullMarked;
