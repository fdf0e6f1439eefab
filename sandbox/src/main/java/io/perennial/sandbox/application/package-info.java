/**
 * Applications registered at the stand-in for Amazon. One is always there; its client secret is made at random at the first
 * start, so that a leaked secret can be searched for.
 */
@NullMarked
package io.perennial.sandbox.application;

import org.jspecify.annotations.NullMarked;
