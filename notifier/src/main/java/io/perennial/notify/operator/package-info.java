/**
 * Mails to those who operate the installation: a client secret ends, a provider is not asked, is asked again.
 *
 * <pre>
 * PENDING -> SENDING -> SENT | FAILED | AMBIGUOUS
 *    ^----------'  (a passing fault of the mail server)
 * </pre>
 *
 * <ul>
 *   <li>One row per event and address of the setting; at most one mail of it ever leaves.
 *   <li>The claim is committed before the mail server is spoken to: after a crash a claimed row is AMBIGUOUS and never
 *       sent again.
 *   <li>The row holds the finished words and no address: that comes from the setting when the mail leaves.
 * </ul>
 */
@NullMarked
package io.perennial.notify.operator;

import org.jspecify.annotations.NullMarked;
