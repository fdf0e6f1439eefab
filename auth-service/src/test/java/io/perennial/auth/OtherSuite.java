package io.perennial.auth;

import org.junit.platform.suite.api.ExcludePackages;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** What {@link AuthorizationSuite} leaves out. */
@Suite
@SelectPackages("io.perennial.auth")
@ExcludePackages("io.perennial.auth.authorization")
class OtherSuite {}
