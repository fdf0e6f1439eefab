package io.perennial.notify.operator;

import io.vertx.mutiny.sqlclient.Row;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** A connection in a mail to operators. By ids alone: names and addresses of merchants are not known here. */
record ConnectionAtRisk(UUID connectionId, String tenantId, String externalId, String kind, int stage) {
    /** A mail is for reading; the console has the whole list. */
    private static final int MOST_LISTED = 200;

    private static final int MOST_OF_ID = 80;

    static ConnectionAtRisk of(Row row) {
        return new ConnectionAtRisk(
                row.getUUID("connection_id"),
                row.getString("tenant_id"),
                row.getString("external_id"),
                row.getString("kind"),
                row.getInteger("stage"));
    }

    static OperatorWords words(List<ConnectionAtRisk> all) {
        long unheard =
                all.stream().filter(one -> one.kind().equals(Concern.UNHEARD)).count();
        long connections =
                all.stream().map(ConnectionAtRisk::connectionId).distinct().count();
        String subject = connections == 1
                ? "1 connection needs somebody to call its merchant"
                : connections + " connections need somebody to call their merchants";
        String list =
                all.stream().limit(MOST_LISTED).map(ConnectionAtRisk::line).collect(Collectors.joining("\n"));
        String rest = all.size() > MOST_LISTED ? "\n… and " + (all.size() - MOST_LISTED) + " more" : "";
        return new OperatorWords(
                subject,
                """
                Mails alone have not brought a renewal so far. Connections that were renewed or work again are not in this list.
                %s
                Tenant, your id of the connection, what is the matter:
                %s%s

                The console shows them under Expiry; "Mail the link now" sends the merchant a fresh link.
                """
                        .formatted(
                                unheard == 0
                                        ? ""
                                        : "Of " + unheard
                                                + " nobody hears us: every contact is missing, unsubscribed or bounced.\n",
                                list,
                                rest));
    }

    private String line() {
        return "- " + tenantId + ", " + cut(externalId) + ": " + matter() + " (" + connectionId + ")";
    }

    private String matter() {
        return switch (kind) {
            case "EXPIRING" -> "ends within " + (stage == 1 ? "1 day" : stage + " days");
            case "EXPIRED" -> "has ended";
            case "OVERDUE" -> "not renewed for " + (stage == 1 ? "1 week" : stage + " weeks");
            case "REVOKED" -> "refused by the provider";
            case Concern.UNHEARD -> "nobody hears us";
            default -> kind;
        };
    }

    private static String cut(String id) {
        String line = id.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= MOST_OF_ID ? line : line.substring(0, MOST_OF_ID - 1) + "…";
    }
}
