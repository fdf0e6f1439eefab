package io.perennial.outbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;

/** Settings of the outbox and its relay. */
@ConfigMapping(prefix = "perennial.outbox")
public interface OutboxConfig {
    /** Whether this process publishes. Writing works without; another replica must publish then. */
    @WithDefault("true")
    boolean enabled();

    /** Name of the service: part of the events' source and of the relay's transactional ids. */
    @WithDefault("${quarkus.application.name}")
    String service();

    /**
     * Into how many groups the 8 slots are divided; each group has one owner, one producer and one thread. A divisor of
     * 8. Relays with different numbers never publish at the same time: change it by a restart of all.
     */
    @WithDefault("4")
    int slotGroups();

    /** Most rows that go into one Kafka transaction. */
    @WithDefault("1000")
    int batchSize();

    /** After how long a row is found that nobody told of; an idle relay asks as often, with one statement. */
    @WithDefault("PT1S")
    Duration pollInterval();

    /** How long a relay that died holds its groups. */
    @WithDefault("PT5S")
    Duration leaseDuration();

    /** Longest pause between two attempts while Kafka or the database refuse. */
    @WithDefault("PT5S")
    Duration maxBackOff();

    /**
     * How long rows of a type that this release does not know wait for a relay of a newer one, since they were written; longer
     * than an update of all replicas takes.
     */
    @WithDefault("PT15M")
    Duration patience();

    /** From how many waiting rows on loops stop claiming work ({@link Outbox#full()}). */
    @WithDefault("200000")
    int cap();

    /** Producer settings in Kafka's own names, over those that are set here and those of {@code kafka.*}. */
    Map<String, String> producer();
}
