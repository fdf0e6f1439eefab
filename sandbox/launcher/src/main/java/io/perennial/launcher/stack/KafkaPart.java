package io.perennial.launcher.stack;

import io.perennial.contracts.Topics;
import io.perennial.launcher.kafka.KafkaProcess;
import io.perennial.launcher.kafka.KafkaSettings;
import io.perennial.launcher.kafka.KafkaTopics;
import io.perennial.launcher.process.LoopbackPort;
import io.perennial.launcher.process.OwnedProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The broker with the topics of the contract. */
record KafkaPart(Ports allPorts, StackHome home) implements Part {

    static final String NAME = "kafka";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Integer> ports() {
        return List.of(allPorts.kafka());
    }

    @Override
    public Path log() {
        return home.log(NAME);
    }

    @Override
    public Optional<OwnedProcess> process() {
        return OwnedProcess.recorded(home.record(NAME));
    }

    @Override
    public void start() {
        KafkaProcess kafka = KafkaProcess.start(
                new KafkaSettings(home.data(NAME), allPorts.kafka(), log(), home.record(NAME), Map.of()));
        KafkaTopics.create(
                kafka.bootstrapServers(),
                Topics.all().stream()
                        .map(topic -> new KafkaTopics.Topic(topic.name(), topic.partitions(), topic.configs()))
                        .toList());
    }

    @Override
    public boolean ready() {
        return alive() && LoopbackPort.accepts(allPorts.kafka());
    }

    @Override
    public void stop() {
        process().ifPresent(KafkaProcess::stop);
    }
}
