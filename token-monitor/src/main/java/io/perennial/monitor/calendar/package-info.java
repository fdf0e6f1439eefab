/**
 * What lapses when, for people and their tools: a page of connections by the end of their grants, and how many end on
 * each day. Read-only; every query is limited to the caller's tenants in the database.
 */
@NullMarked
package io.perennial.monitor.calendar;

import org.jspecify.annotations.NullMarked;
