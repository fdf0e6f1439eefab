/**
 * Writes and posts mails to merchants.
 *
 * <p>A mail is composed once ({@code MailContent}) and laid out as HTML and as text, so that both say the same. Languages
 * are message bundles; templates hold no words. Everything that comes from outside (names, addresses, colours, links) is
 * checked or cleaned here, at the last moment before it leaves.
 */
@NullMarked
package io.perennial.notify.email;

import org.jspecify.annotations.NullMarked;
