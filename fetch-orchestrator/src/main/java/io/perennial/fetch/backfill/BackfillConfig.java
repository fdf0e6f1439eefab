package io.perennial.fetch.backfill;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How fetches are run. */
@ConfigMapping(prefix = "perennial.backfill")
public interface BackfillConfig {
    /** Fetches that are worked on at the same time by this process. */
    @WithDefault("64")
    int parallel();

    /** How long an idle loop waits when nobody wakes it; also how soon a moved clock is noticed. */
    @WithDefault("PT0.5S")
    Duration pollInterval();

    /** How long a process that died holds its fetches. */
    @WithDefault("PT5S")
    Duration leaseDuration();

    /**
     * How long the answer to a claim is waited for. Much longer than a database under load takes: who asks again too soon asks for
     * more at once, and gets nothing.
     */
    @WithDefault("PT1M")
    Duration longestClaim();

    /**
     * How long a step may take before its lease is not kept any more. The longest one asks for a token (20 s), a link (30 s) and a
     * document (2 min), and stores its orders; whoever meets a full outbox then begins again.
     */
    @WithDefault("PT10M")
    Duration longestStep();

    /** First pause after a failed attempt; it doubles each time. */
    @WithDefault("PT2S")
    Duration firstPause();

    /** Longest pause after failed attempts. */
    @WithDefault("PT15M")
    Duration longestPause();

    /** Longest pause while the state of the authorization is in doubt. */
    @WithDefault("PT1M")
    Duration longestDoubt();

    /**
     * Failed attempts in a row after which a fetch fails. What it did not read, the next daily fetch plans again. While Amazon
     * or auth-service is out of order, failed attempts do not count.
     */
    @WithDefault("20")
    int mostAttempts();

    /** How often a query may begin again because of its page tokens. */
    @WithDefault("5")
    int mostRestarts();

    /** Empty pages in a row that are accepted. */
    @WithDefault("20")
    int mostEmptyPages();

    /** Pages of one query that are accepted. */
    @WithDefault("5000")
    int mostPages();

    /**
     * Pages that one query is planned to have. Amazon's page tokens live 24 hours (orders API migration guide), and our share
     * of the published rate lets about 330 pages through in them.
     */
    @WithDefault("300")
    int partPages();

    /** After how many pages FetchProgressed is published. */
    @WithDefault("1")
    int progressEvery();

    /**
     * Between the first loads of two imported connections: a hundred thousand of them shall not stand before a renewal.
     */
    @WithDefault("PT0.1S")
    Duration firstLoadSpacing();

    /**
     * How long fetches that have ended, and the keys of requests, are remembered: as many days as the load status shows at a
     * time.
     */
    @WithDefault("P92D")
    Duration kept();

    /**
     * Connections that one request may name. Of a tenant or a campaign with more of them, the fetches are planned in portions
     * after the request.
     */
    @WithDefault("10000")
    int mostConnections();

    /** Connections of a tenant whose fetches are planned in one transaction then. Of a campaign it is a page of auth-service. */
    @WithDefault("200")
    int portion();

    /** How long a portion is waited for: asking auth-service (20 s), and planning. */
    @WithDefault("PT1M")
    Duration longestPortion();
}
