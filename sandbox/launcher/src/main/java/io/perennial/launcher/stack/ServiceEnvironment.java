package io.perennial.launcher.stack;

import java.util.LinkedHashMap;
import java.util.Map;

/** The configuration of a service: everything that is not in its jar reaches it as an environment variable. */
record ServiceEnvironment(Ports ports, StackHome home, Secrets secrets) {

    private static final String LOOPBACK = "127.0.0.1";

    Map<String, String> of(Replica replica) {
        StackService service = replica.service();
        Map<String, String> all = new LinkedHashMap<>();
        all.put("PERENNIAL_MODE", "sandbox");
        all.put("PERENNIAL_LOG_JSON", "false");
        all.put("PERENNIAL_PORT_OFFSET", Integer.toString(ports.offset()));
        all.put("PERENNIAL_CLOCK_OFFSET_FILE", home.clockOffset().toString());
        all.put("QUARKUS_HTTP_HOST", LOOPBACK);
        all.put("QUARKUS_HTTP_PORT", Integer.toString(replica.port(ports)));
        all.put("QUARKUS_MANAGEMENT_HOST", LOOPBACK);
        all.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(replica.managementPort(ports)));
        database(service, all);
        if (service == StackService.SANDBOX) {
            all.put("PERENNIAL_SANDBOX_ISSUER_PORT", Integer.toString(ports.issuer()));
            all.put("PERENNIAL_SANDBOX_SMTP_PORT", Integer.toString(ports.smtp()));
        } else {
            surroundings(replica, all);
        }
        urls(all);
        return all;
    }

    private void database(StackService service, Map<String, String> all) {
        String address = "postgresql://" + LOOPBACK + ":" + ports.postgres() + "/" + service.database();
        all.put("QUARKUS_DATASOURCE_USERNAME", service.database());
        all.put("QUARKUS_DATASOURCE_PASSWORD", databasePassword(service));
        all.put("QUARKUS_DATASOURCE_REACTIVE_URL", address);
        all.put("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:" + address);
    }

    String databasePassword(StackService service) {
        return secrets.get("database-" + service.database());
    }

    private void surroundings(Replica replica, Map<String, String> all) {
        StackService service = replica.service();
        all.put("PERENNIAL_REPLICA", replica.name());
        all.put("KAFKA_BOOTSTRAP_SERVERS", LOOPBACK + ":" + ports.kafka());
        all.put("QUARKUS_OIDC_AUTH_SERVER_URL", ports.issuerUrl());
        all.put("QUARKUS_MAILER_HOST", LOOPBACK);
        all.put("QUARKUS_MAILER_PORT", Integer.toString(ports.smtp()));
        all.put("PERENNIAL_OPERATORS_MAIL", "operators@perennial.example");
        all.put("PERENNIAL_SERVICE_CLIENT_ID", service.processName());
        all.put("PERENNIAL_SERVICE_CLIENT_SECRET", secrets.get("client-" + service.processName()));
        all.put("PERENNIAL_SESSION_SECRET", secrets.get("session-" + service.processName()));
        if (service == StackService.AUTH_SERVICE) {
            all.put("PERENNIAL_KEYS_DIRECTORY", secrets.keys().toString());
        }
        if (service == StackService.NOTIFIER) {
            all.put("PERENNIAL_MAILBOXES_KEY", secrets.get("mailboxes"));
            all.put("PERENNIAL_UNSUBSCRIBE_PUBLIC_URL", ports.url(StackService.NOTIFIER));
        }
    }

    private void urls(Map<String, String> all) {
        all.put("PERENNIAL_AUTH_URL", ports.url(StackService.AUTH_SERVICE));
        all.put("PERENNIAL_MONITOR_URL", ports.url(StackService.TOKEN_MONITOR));
        all.put("PERENNIAL_FETCH_URL", ports.url(StackService.FETCH_ORCHESTRATOR));
        all.put("PERENNIAL_NOTIFIER_URL", ports.url(StackService.NOTIFIER));
        all.put("PERENNIAL_CONSOLE_URL", ports.url(StackService.CONSOLE));
        all.put("PERENNIAL_PUBLIC_URL", ports.url(StackService.AUTH_SERVICE));
        all.put("PERENNIAL_SANDBOX_URL", ports.url(StackService.SANDBOX));
    }
}
