/**
 * Hands dead letters to the consumer that put them aside, or present states to one that has lost them, and to nobody else. It knows topics and headers, never what a
 * record says; any broker will do, not only the local one.
 */
@NullMarked
package io.perennial.launcher.replay;

import org.jspecify.annotations.NullMarked;
