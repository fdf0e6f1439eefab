/**
 * What all pages share: who looks at them, their frame, what a browser may do with them, and what is shown when
 * something went wrong.
 */
@NullMarked
package io.perennial.console.web;

import org.jspecify.annotations.NullMarked;
