/**
 * Merchants as they meet Perennial: a browser of their own, an account at the provider, a link from a mail, a habit. They see
 * pages and the published REST APIs and nothing else; what does not go as it should is a {@link
 * io.perennial.launcher.LauncherException} that says what was there instead.
 */
@NullMarked
package io.perennial.merchants;

import org.jspecify.annotations.NullMarked;
