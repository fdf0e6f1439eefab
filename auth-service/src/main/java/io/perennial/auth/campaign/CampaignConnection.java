package io.perennial.auth.campaign;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.contracts.ConnectionStatus;
import java.util.UUID;

/**
 * A connection of a campaign.
 *
 * @param mail what became of the mail that it belongs to
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CampaignConnection(
        UUID connectionId,
        String tenantId,
        String externalId,
        String label,
        ConnectionStatus state,
        boolean renewed,
        String mail) {}
