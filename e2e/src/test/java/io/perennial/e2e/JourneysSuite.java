package io.perennial.e2e;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** What few merchants live through, one after the other in one house; each class says when by its order. */
@Suite
@SelectClasses({
    JourneyTest.class,
    LateEventsTest.class,
    WaysInTest.class,
    AdvertisingTest.class,
    ConsoleTest.class,
    DrillTest.class,
    SecretsStayInsideTest.class,
    ThreatModelTest.class
})
class JourneysSuite {}
