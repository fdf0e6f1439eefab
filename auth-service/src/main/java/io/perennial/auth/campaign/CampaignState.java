package io.perennial.auth.campaign;

/** How far a campaign is. */
enum CampaignState {
    /** Mails are asked for, at its pace. */
    RUNNING,
    /** A person stopped it, or it was not started yet; links that are out go on working. */
    STOPPED,
    /** What became of every mail is known. Merchants go on renewing. */
    COMPLETED
}
