/**
 * What is asked of Amazon about grants: the token endpoint, and who is behind a token. Answers are values that say by
 * their structure whether they are a verdict.
 */
@NullMarked
package io.perennial.auth.token.amazon;

import org.jspecify.annotations.NullMarked;
