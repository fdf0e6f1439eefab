/** What every part of the launcher shares: the one exception whose message is meant for a person. */
@NullMarked
package io.perennial.launcher;

import org.jspecify.annotations.NullMarked;
