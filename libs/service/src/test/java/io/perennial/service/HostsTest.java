package io.perennial.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST.",
                "x.localhost",
                "127.0.0.1",
                "127.9.9.9",
                "127.1",
                "0x7f.1",
                "0x7f000001",
                "2130706433",
                "0177.0.0.1",
                "0.0.0.0",
                "[::1]",
                "[::]",
                "[::ffff:127.0.0.1]"
            })
    void the_own_machine_is_known_in_every_spelling(String host) {
        assertThat(Hosts.isLoopback(host)).isTrue();
        assertThat(Hosts.isInside(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.0.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.1.2.3",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "[fe80::1]",
                "[fd00:ec2::254]",
                "[64:ff9b::a9fe:a9fe]",
                "[64:ff9b::a00:1]",
                "[2002:7f00:1::]",
                "[ff02::1]",
                "[::ffff:169.254.169.254]",
                "10.1.2.3.",
                "999.1.1.1",
                "1.2.3",
                "metadata.google.internal",
                "postgres",
                "auth.perennial.svc.cluster.local"
            })
    void the_own_network_is_inside(String host) {
        assertThat(Hosts.isInside(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.amazon.com",
                "sellingpartnerapi-eu.amazon.com",
                "api.amazon.com.",
                "203.0.113.9",
                "172.32.0.1",
                "[2600:9000::1]",
                "[64:ff9b::808:808]",
                "localhost.example",
                "10.example"
            })
    void what_lies_outside_is_not(String host) {
        assertThat(Hosts.isInside(host)).isFalse();
        assertThat(Hosts.isLoopback(host)).isFalse();
    }
}
