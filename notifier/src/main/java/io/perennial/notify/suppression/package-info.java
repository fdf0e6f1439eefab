/**
 * Who must not be written to: mailboxes whose owner unsubscribed or complained, and those that do not exist.
 *
 * <ul>
 *   <li>A mailbox is a keyed hash of tenant and address: a suppression of one tenant says nothing about another's, and no
 *       address is stored.
 *   <li>Whoever holds the signed address of a mail may unsubscribe its mailbox, and no other. Only a POST acts.
 *   <li>A lifted suppression stays as a record.
 * </ul>
 */
@NullMarked
package io.perennial.notify.suppression;

import org.jspecify.annotations.NullMarked;
