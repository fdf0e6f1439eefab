package io.perennial.fetch;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** What {@link WholeFetchesSuite} leaves out. */
@Suite
@SelectPackages("io.perennial.fetch")
@ExcludeClassNamePatterns(WholeFetchesSuite.CLASSES)
class OtherSuite {}
