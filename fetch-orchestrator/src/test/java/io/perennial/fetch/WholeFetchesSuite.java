package io.perennial.fetch;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** Half of the tests by their time, in a JVM and a service of its own; the other half is {@link OtherSuite}. */
@Suite
@SelectPackages("io.perennial.fetch")
@IncludeClassNamePatterns(WholeFetchesSuite.CLASSES)
class WholeFetchesSuite {

    static final String CLASSES = ".*\\.(BrokenAnswers|FetchJourney|FetchResource|ReportJourney)Test";
}
