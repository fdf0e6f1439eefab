/** A packaged service as a process of its own, and the few HTTP calls with which the launcher looks after it. */
@NullMarked
package io.perennial.launcher.service;

import org.jspecify.annotations.NullMarked;
