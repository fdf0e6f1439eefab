package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.perennial.launcher.stack.StackService;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Ten thousand callers who say half a word and nothing more, at auth-service as it is packaged and with its own small heap. */
@Order(9)
class SilentConnectionsTest {
    private static final int SILENT = 10_000;
    private static final int OTHER_FILES = 2_000;
    private static final byte[] HALF_A_WORD =
            "POST /api/connections HTTP/1.1\r\nHost: a\r\nX-".getBytes(StandardCharsets.US_ASCII);

    @Test
    void r11_others_are_answered_while_ten_thousand_connections_say_half_a_word() throws IOException {
        House house = House.shared();
        assumeTrue(
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                        && system.getMaxFileDescriptorCount() > SILENT + OTHER_FILES,
                "A process may not open as many files here");
        URI service = URI.create(house.stack().url(StackService.AUTH_SERVICE));
        InetSocketAddress address = new InetSocketAddress(service.getHost(), service.getPort());
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int n = 0; n < SILENT; n++) {
                SocketChannel channel = SocketChannel.open(address);
                silent.add(channel);
                channel.write(ByteBuffer.wrap(HALF_A_WORD));
            }
            assertThat(house.auth("viewer").get("/api/connections?limit=1").get("items"))
                    .isNotNull();
            assertThat(stillOpen(silent)).as("they are held, not turned away").isGreaterThan(SILENT / 2);
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
        assertThat(house.auth("viewer").get("/api/connections?limit=1").get("items"))
                .isNotNull();
    }

    private static long stillOpen(List<SocketChannel> channels) throws IOException {
        long open = 0;
        ByteBuffer answer = ByteBuffer.allocate(1);
        for (SocketChannel channel : channels) {
            channel.configureBlocking(false);
            open += channel.read(answer.clear()) == 0 ? 1 : 0;
        }
        return open;
    }
}
