/** Mails to merchants, from a due row to the mail server and back to a recorded result, beside tools that only send. */
@NullMarked
package io.perennial.bench.mail;

import org.jspecify.annotations.NullMarked;
