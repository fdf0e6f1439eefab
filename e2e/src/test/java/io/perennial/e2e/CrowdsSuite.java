package io.perennial.e2e;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** What very many merchants live through, in a house of their own, beside {@link JourneysSuite}. */
@Suite
@SelectClasses({BackfillTest.class, SimulatedYearTest.class, SecretsStayInsideTest.class, RenewalStormTest.class})
class CrowdsSuite {}
