/**
 * Problems as RFC 9457 describes them: the only shape in which a service of ours reports an error over HTTP.
 *
 * <p>Every failure maps to one problem with a stable code. What a caller did wrong is said by field and remedy; what went
 * wrong inside is logged once and told as one opaque problem.
 */
@NullMarked
package io.perennial.problem;

import org.jspecify.annotations.NullMarked;
