package io.perennial.auth.authorization.link;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.auth.authorization.link.ConsentLinks.Target;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.connection.request.Contact;
import io.perennial.auth.request.Fields;
import io.perennial.auth.tenant.TenantView;
import io.perennial.auth.tenant.Tenants;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.service.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/reminder-links}: what the notifier needs for mails, asked for right before they are sent. Only who is still
 * current gets a link, so that no mail is sent for a grant that was renewed meanwhile.
 */
@Path("/api/reminder-links")
public class ReminderLinkResource {
    private static final int MAX_ITEMS = 500;

    private final ConsentLinks links;
    private final Connections connections;
    private final Tenants tenants;
    private final Caller caller;

    ReminderLinkResource(ConsentLinks links, Connections connections, Tenants tenants, Caller caller) {
        this.links = links;
        this.connections = connections;
        this.tenants = tenants;
        this.caller = caller;
    }

    /** The grants that mails are to be sent for. */
    public record ReminderRequest(@Nullable List<Item> items) {
        /** One grant. */
        public record Item(@Nullable UUID connectionId, @Nullable Integer generation) {}

        List<Item> check() {
            Fields fields = new Fields();
            fields.required("items", items);
            List<Item> wanted = fields.list("items", items, MAX_ITEMS);
            for (int i = 0; i < wanted.size(); i++) {
                fields.required("items[" + i + "].connectionId", wanted.get(i).connectionId());
                fields.required("items[" + i + "].generation", wanted.get(i).generation());
            }
            fields.verify();
            return wanted;
        }
    }

    /** One entry per known connection, in the order of the request. */
    public record ReminderLinks(List<ReminderLink> items) {
        @Override
        public String toString() {
            return "ReminderLinks[hidden]";
        }
    }

    /**
     * What a mail about a connection says and to whom it goes.
     *
     * @param current whether the generation is still the highest and the connection was not given up
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ReminderLink(
            UUID connectionId,
            int generation,
            boolean current,
            ConnectionStatus state,
            @Nullable String url,
            String reference,
            String label,
            String externalId,
            @Nullable Instant endsAt,
            @Nullable String accountId,
            @Nullable String accountName,
            Provider provider,
            Region region,
            TenantView tenant,
            List<Contact> contacts) {
        @Override
        public String toString() {
            return "ReminderLink[" + connectionId + "]";
        }

        boolean wantsLink() {
            return current;
        }
    }

    @POST
    @RolesAllowed("link-issuer")
    public Uni<ReminderLinks> issue(ReminderRequest request) {
        List<ReminderRequest.Item> wanted = request.check();
        String actor = caller.id();
        List<UUID> ids = wanted.stream().map(item -> item.connectionId()).toList();
        return connections.find(ids, caller.tenants()).chain(found -> {
            Map<UUID, ConnectionView> byId =
                    found.stream().collect(Collectors.toMap(ConnectionView::id, Function.identity()));
            List<ReminderRequest.Item> known = wanted.stream()
                    .filter(item -> byId.containsKey(item.connectionId()))
                    .toList();
            return withTenants(known, byId).chain(entries -> withLinks(entries, actor));
        });
    }

    private Uni<List<ReminderLink>> withTenants(List<ReminderRequest.Item> known, Map<UUID, ConnectionView> byId) {
        List<String> tenantIds =
                byId.values().stream().map(ConnectionView::tenantId).distinct().toList();
        return tenants.find(tenantIds).map(brands -> known.stream()
                .map(item -> {
                    ConnectionView connection = Objects.requireNonNull(byId.get(item.connectionId()));
                    return entry(
                            connection,
                            Objects.requireNonNull(item.generation()),
                            Objects.requireNonNull(brands.get(connection.tenantId())));
                })
                .toList());
    }

    private static ReminderLink entry(ConnectionView connection, int generation, TenantView tenant) {
        boolean current = connection.generation() == generation && connection.state() != ConnectionStatus.DISCONNECTED;
        return new ReminderLink(
                connection.id(),
                generation,
                current,
                connection.state(),
                null,
                connection.reference(),
                connection.label(),
                connection.externalId(),
                connection.endsAt(),
                connection.accountId(),
                connection.accountName(),
                connection.provider(),
                connection.region(),
                tenant,
                connection.contacts().stream()
                        .sorted(Comparator.comparingInt(Contact::order))
                        .toList());
    }

    private Uni<ReminderLinks> withLinks(List<ReminderLink> entries, String actor) {
        List<ReminderLink> current =
                entries.stream().filter(ReminderLink::wantsLink).toList();
        if (current.isEmpty()) {
            return Uni.createFrom().item(new ReminderLinks(entries));
        }
        List<Target> targets = current.stream()
                .map(entry -> new Target(entry.connectionId(), entry.generation()))
                .toList();
        List<String> tenantIds =
                current.stream().map(entry -> entry.tenant().id()).toList();
        return links.issueReminders(tenantIds, targets, actor).map(urls -> {
            List<ReminderLink> answer = new ArrayList<>();
            int next = 0;
            for (ReminderLink entry : entries) {
                answer.add(entry.wantsLink() ? with(entry, urls.get(next++)) : entry);
            }
            return new ReminderLinks(answer);
        });
    }

    private static ReminderLink with(ReminderLink entry, String url) {
        return new ReminderLink(
                entry.connectionId(),
                entry.generation(),
                entry.current(),
                entry.state(),
                url,
                entry.reference(),
                entry.label(),
                entry.externalId(),
                entry.endsAt(),
                entry.accountId(),
                entry.accountName(),
                entry.provider(),
                entry.region(),
                entry.tenant(),
                entry.contacts());
    }
}
