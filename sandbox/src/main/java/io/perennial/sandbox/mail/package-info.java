/**
 * The inbox: an SMTP server that stores every mail in the database before it says yes, so that mails survive restarts, and
 * pages and JSON to read them.
 */
@NullMarked
package io.perennial.sandbox.mail;

import org.jspecify.annotations.NullMarked;
