package io.perennial.contracts;

/** How sure the end of a grant is. */
public enum EndsAtSource {
    /** The provider's rule: 365 days after the consent. */
    RULE,
    /** An operator read it on the provider's page and corrected it. */
    OPERATOR,
    /** Estimated, because the consent itself was not seen. */
    ESTIMATE
}
