/** The list of connections: search, filters, what ends first first, and the form for a new one. */
@NullMarked
package io.perennial.console.connections;

import org.jspecify.annotations.NullMarked;
