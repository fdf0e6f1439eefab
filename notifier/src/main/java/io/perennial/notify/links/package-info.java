/**
 * What auth-service knows about a connection at the moment a mail is about to leave: whether the generation is still the
 * current one, the address of the landing page, the brand and the contacts.
 *
 * <p>Nothing of this is stored here. Addresses and links live as long as one delivery.
 */
@NullMarked
package io.perennial.notify.links;

import org.jspecify.annotations.NullMarked;
