package io.perennial.merchants.year;

import io.perennial.contracts.Topics;
import io.perennial.launcher.LauncherException;
import io.perennial.launcher.stack.Stack;
import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Api;
import io.perennial.merchants.AtOnce;
import io.perennial.merchants.Habit;
import io.perennial.merchants.Links;
import io.perennial.merchants.Renewal;
import io.perennial.merchants.Replicas;
import io.perennial.merchants.Seller;
import io.perennial.merchants.Shop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Thirteen months of many merchants: they renew early, late or never, revoke, come with the wrong account, turn back. The
 * same seed makes the same merchants and habits.
 */
public final class Year {
    /** So long it lasts: a year and five weeks, in which who is late by three weeks comes back. */
    public static final Duration LENGTH = Duration.ofDays(400);

    /** So long nobody has a reason to write to anybody, but to those who revoke. */
    public static final Duration BEFORE_ANY_MAIL = Duration.ofDays(330);

    private static final String[] TOPICS = {
        Topics.CONNECTIONS, Topics.EXPIRY, Topics.REMINDERS, Topics.CONNECTION_STATE, Topics.FETCHES
    };

    private final Stack stack;
    private final Plan plan;
    private final Api sandbox;
    private final Replicas front;
    private final List<Shop> shops;
    private final Map<String, Merchant> merchants;
    private final Set<String> heard = new HashSet<>();
    private final List<Told> fresh = new ArrayList<>();

    /**
     * How it passes.
     *
     * @param tenant whose all shops are
     * @param step how far the clock is moved at a time
     * @param quietStep the same as long as nobody has a reason to write to anybody
     */
    public record Plan(String tenant, Duration step, Duration quietStep, long seed) {

        Duration next(Duration passed) {
            return passed.plus(quietStep).compareTo(BEFORE_ANY_MAIL) < 0 ? quietStep : step;
        }
    }

    /**
     * @param shops with a grant that has just been given
     * @param strangers accounts of nobody's connection in every region of the shops: a consent with one that is would renew
     *     that one at the provider
     */
    public Year(Stack stack, Plan plan, List<Shop> shops, List<Seller> strangers) {
        this.stack = stack;
        this.plan = plan;
        this.shops = shops;
        this.sandbox = new Api(stack.url(StackService.SANDBOX), "none");
        this.front = Replicas.of(stack, 1);
        this.merchants = merchants(shops, strangers, plan.seed()).stream()
                .collect(Collectors.toMap(merchant -> merchant.shop.seller().email(), Function.identity()));
    }

    /** What they will do is settled here; what they are told only says when. */
    static List<Merchant> merchants(List<Shop> shops, List<Seller> strangers, long seed) {
        Random dice = new Random(seed);
        return shops.stream().map(shop -> merchant(shop, strangers, dice)).toList();
    }

    /** Lives through it; what was said and what should have been stands in the book. */
    public YearBook pass(Witness witness) {
        YearBook book = new YearBook();
        Instant begin = now();
        Set<String> ours = shops.stream().map(Shop::id).collect(Collectors.toSet());
        try (Tables tables = new Tables(stack);
                Quiet quiet = new Quiet(stack, tables, plan.tenant());
                Listener listener = Listener.of(stack.bootstrapServers(), TOPICS)) {
            long lastMail = tables.count(StackService.SANDBOX, "select coalesce(max(id), 0) from mail");
            quiet.await(begin, listener, told -> hear(told, ours));
            Duration passed = Duration.ZERO;
            end(new Step(passed, begin, List.copyOf(fresh), List.of()), book, witness);
            while (passed.compareTo(LENGTH) < 0) {
                Duration move = plan.next(passed);
                passed = passed.plus(move);
                stack.advance(move);
                Instant now = now();
                book.noteStep(now);
                witness.moved(now);
                quiet.await(now, listener, told -> hear(told, ours));
                List<Mail> mails = mailsAfter(lastMail, tables);
                lastMail = mails.stream().mapToLong(Mail::id).max().orElse(lastMail);
                List<Act> acts = letMerchantsAct(mails, passed);
                if (quiet.fetching() && !acts.isEmpty()) {
                    quiet.await(now, listener, told -> hear(told, ours));
                }
                end(new Step(passed, now, List.copyOf(fresh), acts), book, witness);
            }
            quiet.await(now(), listener, told -> hear(told, ours));
            book.note(fresh);
            book.close(shops, Facts.of(tables, shops));
        }
        return book;
    }

    private void end(Step step, YearBook book, Witness witness) {
        fresh.clear();
        book.note(step.news());
        witness.passed(step);
    }

    private Instant now() {
        return Instant.parse(sandbox.get("/sandbox/clock").path("now").asText());
    }

    private void hear(Told told, Set<String> ours) {
        boolean news = !told.topic().equals(Topics.CONNECTION_STATE) && ours.contains(told.connectionId());
        if (news && heard.add(told.id())) {
            fresh.add(told);
        }
    }

    private List<Act> letMerchantsAct(List<Mail> mails, Duration sinceBegin) {
        List<Act> acts = new ArrayList<>();
        for (Mail mail : mails) {
            Merchant merchant = merchants.get(mail.to());
            if (merchant != null && mail.asks() && merchant.movedByMail()) {
                acts.add(act(merchant, Links.in(mail.text())));
            }
        }
        for (Merchant merchant : merchants.values()) {
            if (merchant.revokes(sinceBegin)) {
                acts.add(new Act(merchant.shop, Act.Kind.REVOKED, null));
            }
        }
        return AtOnce.each(acts, this::perform);
    }

    private static Act act(Merchant merchant, String link) {
        Act.Kind kind = merchant.next();
        return new Act(merchant.shop.with(link), kind, kind == Act.Kind.CAME_AS_ANOTHER ? merchant.wrong : null);
    }

    private Act perform(Act act) {
        switch (act.kind()) {
            case RENEWED -> renew(act.shop());
            case TURNED_BACK -> new Renewal(front, act.shop()).cancel();
            case CAME_AS_ANOTHER -> comeAs(act);
            case REVOKED ->
                sandbox.call("POST", "/sandbox/sellers/" + act.shop().seller().id() + "/revoke", "{}");
        }
        return act;
    }

    private void renew(Shop shop) {
        Renewal renewal = new Renewal(front, shop).walk().awaitResult();
        if (!renewal.connected()) {
            throw new LauncherException(
                    "the renewal of " + shop.seller().name() + " ended as '" + renewal.outcome() + "'");
        }
    }

    private void comeAs(Act act) {
        Seller account = act.as() == null ? act.shop().seller() : act.as();
        if (new Renewal(front, act.shop(), account).walk().connected()) {
            throw new LauncherException(
                    act.shop().seller().name() + " was renewed with the account of " + account.name());
        }
    }

    private record Mail(long id, String to, String text) {

        /** False for the one that says that all is well again. */
        boolean asks() {
            return text.contains("/connect/");
        }
    }

    /** What came since, the oldest first. */
    private static List<Mail> mailsAfter(long last, Tables tables) {
        List<Mail> found = new ArrayList<>();
        tables.each(
                StackService.SANDBOX,
                "select id, recipients, text_body from mail where id > " + last + " order by id",
                row -> found.add(new Mail(row.getLong(1), row.getString(2), row.getString(3))));
        return found;
    }

    private static Merchant merchant(Shop shop, List<Seller> strangers, Random dice) {
        Habit habit = Habit.of(dice);
        List<Seller> near = Seller.inRegion(strangers, shop.seller().region());
        return new Merchant(shop, habit, near.get(dice.nextInt(near.size())), Duration.ofDays(dice.nextInt((int)
                BEFORE_ANY_MAIL.toDays())));
    }
}
