/**
 * A Kafka broker (KRaft, broker and controller in one) as a JVM of its own, from the Maven artifacts on the class path.
 * The broker's class path names no logging binding, so this package brings one that writes warnings and errors.
 */
@NullMarked
package io.perennial.launcher.kafka;

import org.jspecify.annotations.NullMarked;
