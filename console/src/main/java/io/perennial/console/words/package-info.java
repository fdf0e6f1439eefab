/**
 * What people read: states, events, troubles and times in plain words. Every code that a service may send has a sentence
 * here; one that is not known yet is shown as it is.
 */
@NullMarked
package io.perennial.console.words;

import org.jspecify.annotations.NullMarked;
