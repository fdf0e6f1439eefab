/**
 * Reminders from the moment they are due to their result.
 *
 * <pre>
 * PENDING -> SENDING -> SENT | FAILED | SUPPRESSED | AMBIGUOUS
 *    ^----------'  (no link answer, or a passing fault of the mail server)
 * </pre>
 *
 * <ul>
 *   <li>One row per (connection, generation, kind, stage); at most one mail of it ever leaves.
 *   <li>A mail leaves only after auth-service called its generation current, asked anew for every attempt.
 *   <li>The contact is committed before the mail server is spoken to. After a crash a claimed row without contact goes
 *       back, one with contact is AMBIGUOUS and is never sent again.
 * </ul>
 */
@NullMarked
package io.perennial.notify.reminder;

import org.jspecify.annotations.NullMarked;
