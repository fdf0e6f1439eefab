/**
 * Consent links: how merchants get to the landing page, by an operator's hand or by a reminder.
 */
@NullMarked
package io.perennial.auth.authorization.link;

import org.jspecify.annotations.NullMarked;
