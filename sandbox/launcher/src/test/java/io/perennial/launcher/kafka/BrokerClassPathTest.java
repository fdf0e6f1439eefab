package io.perennial.launcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BrokerClassPathTest {

    @Test
    void a_jar_is_known_by_its_name_without_folder_and_version() {
        assertThat(BrokerClassPath.nameOf("/repo/kafka_2.13/4.1.1/kafka_2.13-4.1.1.jar"))
                .isEqualTo("kafka_2.13");
        assertThat(BrokerClassPath.nameOf("lib/kafka_2.13.jar")).isEqualTo("kafka_2.13");
        assertThat(BrokerClassPath.nameOf("/project/target/classes")).isEqualTo("classes");
    }

    @Test
    void nothing_of_the_test_class_path_reaches_the_broker() {
        assertThat(BrokerClassPath.find()).contains("kafka-clients").doesNotContain("junit", "assertj");
    }
}
