package io.perennial.auth;

import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** Half of the tests, in a JVM and a service of its own; the other half is {@link OtherSuite}. */
@Suite
@SelectPackages("io.perennial.auth.authorization")
class AuthorizationSuite {}
