package io.perennial.auth.authorization.link;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.auth.application.Apps;
import io.perennial.auth.authorization.link.ConsentLinks.Order;
import io.perennial.auth.authorization.link.ConsentLinks.Target;
import io.perennial.auth.authorization.link.JointLinks.Joint;
import io.perennial.auth.authorization.link.JointLinks.Wish;
import io.perennial.auth.authorization.link.ReminderLinkResource.ReminderLink.Campaign;
import io.perennial.auth.connection.ConnectionView;
import io.perennial.auth.connection.Connections;
import io.perennial.auth.connection.request.Contact;
import io.perennial.auth.request.Fields;
import io.perennial.auth.tenant.TenantView;
import io.perennial.auth.tenant.Tenants;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.RenewalReason;
import io.perennial.service.Caller;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
    private final Apps apps;
    private final JointLinks joints;
    private final Caller caller;

    ReminderLinkResource(
            ConsentLinks links, Connections connections, Tenants tenants, Apps apps, JointLinks joints, Caller caller) {
        this.links = links;
        this.connections = connections;
        this.tenants = tenants;
        this.apps = apps;
        this.joints = joints;
        this.caller = caller;
    }

    /** The grants that mails are to be sent for. */
    public record ReminderRequest(@Nullable List<Item> items) {
        /**
         * One grant.
         *
         * @param campaign number of the campaign that the mail belongs to: its link covers all connections of the contact
         */
        public record Item(@Nullable UUID connectionId, @Nullable Integer generation, @Nullable Integer campaign) {
            @Nullable
            Wish wish() {
                return campaign == null ? null : new Wish(campaign, Objects.requireNonNull(connectionId));
            }
        }

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
     * @param selfAuthorized whether the application is private: its owner makes tokens himself, no consent page does
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
            List<Contact> contacts,
            @Nullable Campaign campaign,
            boolean selfAuthorized) {
        /**
         * The campaign that was asked for.
         *
         * @param connections how many connections the link covers
         */
        @JsonInclude(JsonInclude.Include.NON_NULL)
        public record Campaign(int number, @Nullable RenewalReason reason, int connections) {}

        @Override
        public String toString() {
            return "ReminderLink[" + connectionId + "]";
        }

        boolean wantsLink() {
            return current && !selfAuthorized;
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
            return apps.privateOnes(found.stream().map(ConnectionView::app).toList())
                    .chain(privateApps -> withTenants(known, byId, privateApps))
                    .chain(entries -> withLinks(known, entries, actor));
        });
    }

    private Uni<List<ReminderLink>> withTenants(
            List<ReminderRequest.Item> known, Map<UUID, ConnectionView> byId, Set<UUID> privateApps) {
        List<String> tenantIds =
                byId.values().stream().map(ConnectionView::tenantId).distinct().toList();
        return tenants.find(tenantIds).map(brands -> known.stream()
                .map(item -> {
                    ConnectionView connection = Objects.requireNonNull(byId.get(item.connectionId()));
                    return entry(
                            connection,
                            Objects.requireNonNull(item.generation()),
                            Objects.requireNonNull(brands.get(connection.tenantId())),
                            privateApps.contains(connection.app()));
                })
                .toList());
    }

    private static ReminderLink entry(
            ConnectionView connection, int generation, TenantView tenant, boolean selfAuthorized) {
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
                        .toList(),
                null,
                selfAuthorized);
    }

    private Uni<ReminderLinks> withLinks(List<ReminderRequest.Item> items, List<ReminderLink> entries, String actor) {
        List<ReminderLink> single = new ArrayList<>();
        Map<Integer, Wish> wishes = new HashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            Wish wish = items.get(i).wish();
            if (wish == null) {
                single.add(entries.get(i));
            } else if (entries.get(i).current()) {
                wishes.put(i, wish);
            }
        }
        return withSingleLinks(single, actor)
                .chain(linked -> withJointLinks(wishes, entries, actor).map(jointly -> {
                    List<ReminderLink> answer = new ArrayList<>();
                    int next = 0;
                    for (int i = 0; i < entries.size(); i++) {
                        Wish wish = items.get(i).wish();
                        ReminderLink joint = jointly.get(i);
                        if (wish == null) {
                            answer.add(linked.get(next++));
                        } else {
                            answer.add(joint == null ? notCurrent(entries.get(i), wish) : joint);
                        }
                    }
                    return new ReminderLinks(answer);
                }));
    }

    /** One link for each mail of a campaign; they are few at a time, because campaigns are paced. */
    private Uni<Map<Integer, ReminderLink>> withJointLinks(
            Map<Integer, Wish> wishes, List<ReminderLink> entries, String actor) {
        if (wishes.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return joints.find(wishes.values()).chain(found -> Multi.createFrom()
                .iterable(wishes.entrySet())
                .filter(wish -> found.containsKey(wish.getValue()))
                .onItem()
                .transformToUniAndConcatenate(wish -> withJointLink(
                                wish.getValue(),
                                Objects.requireNonNull(found.get(wish.getValue())),
                                entries.get(wish.getKey()),
                                actor)
                        .map(link -> Map.entry(wish.getKey(), link)))
                .collect()
                .asMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Uni<ReminderLink> withJointLink(Wish wish, Joint joint, ReminderLink entry, String actor) {
        Order order = new Order(entry.tenant().id(), joint.targets(), null, actor);
        Campaign campaign =
                new Campaign(joint.campaign(), joint.reason(), joint.targets().size());
        return links.issue(order, null)
                .call(issued -> joints.issued(wish, issued.id()))
                .map(issued -> with(entry, true, issued.url(), campaign));
    }

    private static ReminderLink notCurrent(ReminderLink entry, Wish wish) {
        return with(entry, false, null, new Campaign(wish.campaign(), null, 0));
    }

    private Uni<List<ReminderLink>> withSingleLinks(List<ReminderLink> entries, String actor) {
        List<ReminderLink> current =
                entries.stream().filter(ReminderLink::wantsLink).toList();
        if (current.isEmpty()) {
            return Uni.createFrom().item(entries);
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
                answer.add(entry.wantsLink() ? with(entry, true, urls.get(next++), null) : entry);
            }
            return answer;
        });
    }

    private static ReminderLink with(
            ReminderLink entry, boolean current, @Nullable String url, @Nullable Campaign campaign) {
        return new ReminderLink(
                entry.connectionId(),
                entry.generation(),
                current,
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
                entry.contacts(),
                campaign,
                entry.selfAuthorized());
    }
}
