/**
 * What callers send about connections, and how it is checked.
 */
@NullMarked
package io.perennial.auth.connection.request;

import org.jspecify.annotations.NullMarked;
