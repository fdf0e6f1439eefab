package io.perennial.merchants;

import io.perennial.launcher.LauncherException;
import io.perennial.launcher.process.Waiting;
import io.perennial.merchants.PlainBrowser.Answer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/** One merchant who consents, for the first time or again, through whichever replicas answer. */
public final class Renewal {
    private static final int MANY_TIMES = 10;
    private static final Duration CHECKING = Duration.ofSeconds(60);

    /** Many wait at once, and each look is a page that auth-service makes while it should decide. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private static final String RESULT = "/connect/result/";

    private final Replicas replicas;
    private final Shop shop;
    private final Seller account;
    private final PlainBrowser browser = new PlainBrowser();
    private @Nullable URI result;
    private volatile String outcome = "nothing";

    public Renewal(Replicas replicas, Shop shop) {
        this(replicas, shop, shop.seller());
    }

    /** By somebody who is signed in with an account of his own, the shop's or another. */
    public Renewal(Replicas replicas, Shop shop, Seller account) {
        this.replicas = replicas;
        this.shop = shop;
        this.account = account;
    }

    public Shop shop() {
        return shop;
    }

    /** What the result page said when it was looked at last. */
    public String outcome() {
        return outcome;
    }

    public boolean connected() {
        return outcome.equals("connected");
    }

    /** From the mailed link to whatever the result page says. */
    public Renewal walk() {
        return setOut(URI.create(shop.link()), "#authorize");
    }

    /** Goes as far as the provider's page and cancels there, which tells nobody. */
    public void cancel() {
        URI page = URI.create(shop.link());
        Answer departure =
                replicas.throughAny(replica -> browser.press(opened(replicas.at(replica, page)), "#authorize"));
        try {
            browser.press(asking(departure), "#cancel");
        } catch (IOException e) {
            throw new LauncherException("the provider does not answer", e);
        }
    }

    /** Presses the button of a result page that says that it did not work. */
    public Renewal walkAgain() {
        return setOut(resultPage(), "#try-again");
    }

    private Renewal setOut(URI page, String button) {
        try {
            return bring(
                    consent(replicas.throughAny(replica -> browser.press(opened(replicas.at(replica, page)), button))));
        } catch (IOException e) {
            throw new LauncherException("the provider does not answer", e);
        }
    }

    /** Looks at the result page. */
    public Renewal look() {
        URI at = resultPage();
        Document page = replicas.throughAny(replica -> browser.open(replicas.at(replica, at)))
                .page();
        Element notice = page.selectFirst("[data-outcome]");
        outcome = notice == null ? "no result: " + page.text() : notice.attr("data-outcome");
        return this;
    }

    /** Looks until the page no longer says that the consent is being checked. */
    public Renewal awaitResult() {
        if (!Waiting.until(CHECKING, BETWEEN_LOOKS, () -> !look().outcome().equals("checking"))) {
            throw new LauncherException("the consent of " + account.email() + " is still being checked");
        }
        return this;
    }

    private URI resultPage() {
        if (result == null) {
            throw new LauncherException("no result was shown to " + account.email());
        }
        return result;
    }

    private Document opened(URI address) throws IOException {
        Answer answer = browser.open(address);
        if (answer.status() != 200) {
            throw new LauncherException(
                    "a page of " + account.email() + " was answered with " + answer.status() + ": " + answer.body());
        }
        return answer.page();
    }

    /** At the provider: sign in if asked, tick, confirm. Ends with the address it sends the browser back to. */
    private URI consent(Answer departure) throws IOException {
        Document page = asking(departure);
        on(page, "#consent").attr("checked", "checked");
        return next(browser.press(page, "#confirm"));
    }

    /** The provider's question, after signing in where it asks for that. */
    private Document asking(Answer departure) throws IOException {
        Document page = opened(next(departure));
        if (page.selectFirst("#sign-in-form") != null) {
            on(page, "#email").val(account.email());
            on(page, "#password").val(account.password());
            page = opened(next(browser.press(page, "#sign-in")));
        }
        return page;
    }

    private static Element on(Document page, String css) {
        Element found = page.selectFirst(css);
        if (found == null) {
            throw new LauncherException("no " + css + " on " + page.location() + ": " + page.text());
        }
        return found;
    }

    private static URI next(Answer answer) {
        if (answer.next() == null) {
            throw new LauncherException("no redirect but " + answer.status() + ": " + answer.body());
        }
        return answer.next();
    }

    /** Most browsers come back once; some load the page twice, some at two replicas at the same time. */
    private Renewal bring(URI callback) {
        List<Integer> visits =
                IntStream.of(replicas.any(), replicas.any()).boxed().toList();
        int chance = ThreadLocalRandom.current().nextInt(MANY_TIMES);
        if (chance == 0) {
            visits.forEach(replica -> noteResult(come(callback, replica)));
        } else if (chance == 1) {
            AtOnce.each(visits, visits.size(), replica -> come(callback, replica))
                    .forEach(this::noteResult);
        } else {
            noteResult(come(callback, visits.get(0)));
        }
        return look();
    }

    private Answer come(URI callback, int replica) {
        return replicas.callback(replica, at -> browser.open(replicas.at(at, callback)));
    }

    private void noteResult(Answer answer) {
        if (answer.redirects()) {
            result = answer.next();
            return;
        }
        Element shown = answer.page().selectFirst("a[href^=" + RESULT + "]");
        if (shown == null) {
            throw new LauncherException("a callback was answered with " + answer.status() + ": " + answer.body());
        }
        result = URI.create(shown.absUrl("href"));
    }
}
