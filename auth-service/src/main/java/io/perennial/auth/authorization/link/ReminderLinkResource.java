package io.perennial.auth.authorization.link;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perennial.auth.application.Apps;
import io.perennial.auth.audit.ForeignIds;
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
import io.perennial.contracts.EndsAtSource;
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
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
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
    private final RenewalClaims claims;
    private final ForeignIds foreign;
    private final Caller caller;

    ReminderLinkResource(
            ConsentLinks links,
            Connections connections,
            Tenants tenants,
            Apps apps,
            JointLinks joints,
            RenewalClaims claims,
            ForeignIds foreign,
            Caller caller) {
        this.links = links;
        this.connections = connections;
        this.tenants = tenants;
        this.apps = apps;
        this.joints = joints;
        this.claims = claims;
        this.foreign = foreign;
        this.caller = caller;
    }

    /** The grants that mails are to be sent for. */
    public record ReminderRequest(@Nullable List<Item> items) {
        /**
         * One grant.
         *
         * @param campaign number of the campaign that the mail belongs to: its link covers all connections of the contact
         * @param group those of a tenant under one number share one link: they stand in one mail
         * @param link false when only state and contacts are wanted
         */
        public record Item(
                @Nullable UUID connectionId,
                @Nullable Integer generation,
                @Nullable Integer campaign,
                @Nullable Integer group,
                @Nullable Boolean link) {
            boolean wantsLink() {
                return link == null || link;
            }

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
     * @param endsAtSource how sure the end is
     * @param selfAuthorized whether the application is private: its owner makes tokens himself, no consent page does
     * @param group what was asked for
     * @param saidRenewedAt when somebody with a link said that it was renewed already; reminders of before are dropped
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
            @Nullable EndsAtSource endsAtSource,
            @Nullable String accountId,
            @Nullable String accountName,
            Provider provider,
            Region region,
            TenantView tenant,
            List<Contact> contacts,
            @Nullable Campaign campaign,
            boolean selfAuthorized,
            @Nullable Integer group,
            @Nullable Instant saidRenewedAt) {
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
        foreign.connections(ids);
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
        List<Target> grants = byId.values().stream()
                .map(connection -> new Target(connection.id(), connection.generation()))
                .toList();
        return tenants.find(tenantIds).chain(brands -> claims.of(grants).map(claimed -> known.stream()
                .map(item -> {
                    ConnectionView connection = Objects.requireNonNull(byId.get(item.connectionId()));
                    return entry(
                            connection,
                            item,
                            Objects.requireNonNull(brands.get(connection.tenantId())),
                            privateApps.contains(connection.app()),
                            claimed.get(new Target(connection.id(), Objects.requireNonNull(item.generation()))));
                })
                .toList()));
    }

    private static ReminderLink entry(
            ConnectionView connection,
            ReminderRequest.Item item,
            TenantView tenant,
            boolean selfAuthorized,
            @Nullable Instant saidRenewedAt) {
        int generation = Objects.requireNonNull(item.generation());
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
                connection.endsAtSource(),
                connection.accountId(),
                connection.accountName(),
                connection.provider(),
                connection.region(),
                tenant,
                connection.contacts().stream()
                        .sorted(Comparator.comparingInt(Contact::order))
                        .toList(),
                null,
                selfAuthorized,
                item.group(),
                saidRenewedAt);
    }

    private Uni<ReminderLinks> withLinks(List<ReminderRequest.Item> items, List<ReminderLink> entries, String actor) {
        Map<Integer, ReminderLink> single = new TreeMap<>();
        Map<Shared, List<Integer>> groups = new LinkedHashMap<>();
        Map<Integer, Wish> wishes = new HashMap<>();
        List<ReminderLink> answer = new ArrayList<>(entries);
        for (int i = 0; i < entries.size(); i++) {
            ReminderLink entry = entries.get(i);
            Wish wish = items.get(i).wish();
            if (wish != null && entry.current()) {
                wishes.put(i, wish);
            } else if (wish != null) {
                answer.set(i, notCurrent(entry, wish));
            } else if (items.get(i).wantsLink() && entry.wantsLink()) {
                if (entry.group() == null) {
                    single.put(i, entry);
                } else {
                    groups.computeIfAbsent(new Shared(entry.tenant().id(), entry.group()), g -> new ArrayList<>())
                            .add(i);
                }
            }
        }
        return withSingleLinks(List.copyOf(single.values()), actor)
                .invoke(linked -> replace(answer, single.keySet(), linked))
                .chain(() -> withGroupLinks(groups.values(), answer, actor))
                .chain(() -> withJointLinks(wishes, entries, actor))
                .invoke(jointly -> wishes.forEach((place, wish) ->
                        answer.set(place, jointly.getOrDefault(place, notCurrent(entries.get(place), wish)))))
                .map(jointly -> new ReminderLinks(answer));
    }

    private record Shared(String tenantId, int group) {}

    private static void replace(List<ReminderLink> answer, Set<Integer> places, List<ReminderLink> linked) {
        Iterator<ReminderLink> next = linked.iterator();
        places.forEach(place -> answer.set(place, next.next()));
    }

    /** One link for each mail about several connections; they are few beside those about one. */
    private Uni<Void> withGroupLinks(Collection<List<Integer>> groups, List<ReminderLink> answer, String actor) {
        return Multi.createFrom()
                .iterable(groups)
                .onItem()
                .transformToUniAndConcatenate(places -> withGroupLink(places, answer, actor))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Boolean> withGroupLink(List<Integer> places, List<ReminderLink> answer, String actor) {
        List<Target> targets = places.stream()
                .map(answer::get)
                .map(entry -> new Target(entry.connectionId(), entry.generation()))
                .distinct()
                .toList();
        Order order = new Order(answer.get(places.get(0)).tenant().id(), targets, null, actor);
        return links.issue(order, null)
                .invoke(issued ->
                        places.forEach(place -> answer.set(place, with(answer.get(place), true, issued.url(), null))))
                .replaceWith(true);
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
        if (entries.isEmpty()) {
            return Uni.createFrom().item(entries);
        }
        List<Target> targets = entries.stream()
                .map(entry -> new Target(entry.connectionId(), entry.generation()))
                .toList();
        List<String> tenantIds =
                entries.stream().map(entry -> entry.tenant().id()).toList();
        return links.issueReminders(tenantIds, targets, actor).map(urls -> {
            List<ReminderLink> answer = new ArrayList<>();
            for (int i = 0; i < entries.size(); i++) {
                answer.add(with(entries.get(i), true, urls.get(i), null));
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
                entry.endsAtSource(),
                entry.accountId(),
                entry.accountName(),
                entry.provider(),
                entry.region(),
                entry.tenant(),
                entry.contacts(),
                campaign,
                entry.selfAuthorized(),
                entry.group(),
                entry.saidRenewedAt());
    }
}
