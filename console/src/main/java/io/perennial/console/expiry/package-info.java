/** What ends when: a calendar of the coming days and the next ones in a list. */
@NullMarked
package io.perennial.console.expiry;

import org.jspecify.annotations.NullMarked;
