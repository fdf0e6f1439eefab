/**
 * Reads the console's own tables. Every query takes the tenants of the person who asks and filters in the database;
 * lists are read page by page along an index, never by offset.
 */
@NullMarked
package io.perennial.console.view;

import org.jspecify.annotations.NullMarked;
