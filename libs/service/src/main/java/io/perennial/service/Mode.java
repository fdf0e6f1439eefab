package io.perennial.service;

/** How a service runs. Production is the default, so that a forgotten setting never opens anything. */
public enum Mode {
    /** Real provider, immovable clock, health and metrics on the management port only. */
    PRODUCTION,
    /** The provider's stand-in, movable clock, health and metrics on the service's port too. */
    SANDBOX
}
