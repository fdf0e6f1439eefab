package io.perennial.launcher.postgres;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One server.
 *
 * @param directory holds the cluster; created on the first start, kept afterwards
 * @param parameters added to, and stronger than, the launcher's own server parameters
 */
public record PostgresSettings(
        Path directory, int port, String superuserPassword, Path log, Path record, Map<String, String> parameters) {

    public PostgresSettings {
        parameters = Map.copyOf(parameters);
    }

    /** Small memory, since eight processes share a laptop; durable, since the drills kill it. */
    Map<String, String> serverParameters() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listen_addresses", "127.0.0.1");
        all.put("unix_socket_directories", "");
        all.put("max_connections", "200");
        all.put("shared_buffers", "32MB");
        all.put("jit", "off");
        all.put("huge_pages", "off");
        all.put("max_wal_size", "512MB");
        all.put("log_min_messages", "warning");
        all.put("log_timezone", "UTC");
        all.put("timezone", "UTC");
        all.put("log_line_prefix", "%m [%p] %u@%d ");
        all.putAll(parameters);
        return all;
    }

    @Override
    public String toString() {
        return "PostgresSettings[directory=" + directory + ", port=" + port + "]";
    }
}
