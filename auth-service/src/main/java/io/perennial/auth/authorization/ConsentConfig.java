package io.perennial.auth.authorization;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Rules of consent. All times are of the domain clock. */
@ConfigMapping(prefix = "perennial.consent")
public interface ConsentConfig {
    /** How long a state lives. Amazon wants an authorization finished within 10 minutes. */
    @WithDefault("PT10M")
    Duration stateLife();

    /** How long after the end of a grant its renewal link still works; one that was made later, from then on. */
    @WithDefault("P60D")
    Duration linkAfterEnd();

    /** Most authorizations of one connection that may be open in one browser at a time. */
    @WithDefault("20")
    int maxOpen();

    /** Most authorizations of one connection that may be open at a time by links; by the login ways as many again. */
    @WithDefault("200")
    int maxOpenOfConnection();

    /**
     * How long a merchant may think about "Connect store X to Y?", and how long an undecided consent is tried: the time in
     * which its provider may not be asked does not count.
     */
    @WithDefault("PT24H")
    Duration decisionLife();

    /** How long the record of an attempt is kept. */
    @WithDefault("P90D")
    Duration recordLife();
}
