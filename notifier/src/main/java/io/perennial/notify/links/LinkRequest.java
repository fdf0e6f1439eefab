package io.perennial.notify.links;

import java.util.UUID;

/** One question: is this generation still the current one, and if so, where is its landing page? */
public record LinkRequest(UUID connectionId, int generation) {}
