/**
 * What lapses when, for people and their tools: a page of connections by the end of their grants, and how many end on
 * each day, also for spreadsheets and calendars. The days are read from counters, so a calendar costs by its days and not by
 * its connections. Read-only; every query is limited to the caller's tenants in the database.
 */
@NullMarked
package io.perennial.monitor.calendar;

import org.jspecify.annotations.NullMarked;
