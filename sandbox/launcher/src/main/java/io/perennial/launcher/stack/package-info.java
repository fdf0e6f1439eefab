/**
 * All local processes of one data directory as one thing: what there is, on which ports, with which secrets, started in
 * parallel, stopped together. The command line, the tests of whole journeys and the failure drills all use {@link Stack}.
 */
@NullMarked
package io.perennial.launcher.stack;

import org.jspecify.annotations.NullMarked;
