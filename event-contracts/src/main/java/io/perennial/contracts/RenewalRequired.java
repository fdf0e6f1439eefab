package io.perennial.contracts;

import java.util.UUID;

/**
 * A campaign asks a merchant to authorize again. One event per mail: it speaks of the first connection of those that one
 * link covers.
 *
 * @param campaignId the campaign
 * @param campaign its number: tells two campaigns for one grant apart
 * @param connections how many connections the link covers
 */
public record RenewalRequired(ConnectionRef about, RenewalReason reason, UUID campaignId, int campaign, int connections)
        implements ConnectionEvent {}
