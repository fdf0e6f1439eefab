package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.e2e.PlainBrowser.Answer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** One merchant who renews, through whichever replicas answer. */
final class Renewal {
    private static final int MANY_TIMES = 10;
    private static final String RESULT = "/connect/result/";

    private final Replicas replicas;
    private final Shop shop;
    private final Seller account;
    private final PlainBrowser browser = new PlainBrowser();
    private URI result;
    private volatile String outcome = "nothing";

    Renewal(Replicas replicas, Shop shop) {
        this(replicas, shop, shop.seller());
    }

    /** By somebody who is signed in with an account of his own, the shop's or another. */
    Renewal(Replicas replicas, Shop shop, Seller account) {
        this.replicas = replicas;
        this.shop = shop;
        this.account = account;
    }

    Shop shop() {
        return shop;
    }

    String outcome() {
        return outcome;
    }

    boolean connected() {
        return outcome.equals("connected");
    }

    /** From the mailed link to whatever the result page says. */
    Renewal walk() {
        return setOut(URI.create(shop.link()), "#authorize");
    }

    /** Goes as far as the provider's page and cancels there, which tells nobody. */
    void cancel() {
        URI page = URI.create(shop.link());
        Answer departure =
                replicas.throughAny(replica -> browser.press(opened(replicas.at(replica, page)), "#authorize"));
        try {
            browser.press(asking(departure), "#cancel");
        } catch (IOException e) {
            throw new AssertionError("The provider does not answer", e);
        }
    }

    /** Presses the button of a result page that says that it did not work. */
    Renewal walkAgain() {
        return setOut(result, "#try-again");
    }

    private Renewal setOut(URI page, String button) {
        try {
            return bring(
                    consent(replicas.throughAny(replica -> browser.press(opened(replicas.at(replica, page)), button))));
        } catch (IOException e) {
            throw new AssertionError("The provider does not answer", e);
        }
    }

    /** Looks at the result page. */
    Renewal look() {
        Document page = replicas.throughAny(replica -> browser.open(replicas.at(replica, result)))
                .page();
        Element notice = page.selectFirst("[data-outcome]");
        outcome = notice == null ? "no result: " + page.text() : notice.attr("data-outcome");
        return this;
    }

    private Document opened(URI address) throws IOException {
        Answer answer = browser.open(address);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.page();
    }

    /** At the provider: sign in if asked, tick, confirm. Ends with the address it sends the browser back to. */
    private URI consent(Answer departure) throws IOException {
        Document page = asking(departure);
        page.selectFirst("#consent").attr("checked", "checked");
        Answer confirmed = browser.press(page, "#confirm");
        assertThat(confirmed.redirects()).as(confirmed.body()).isTrue();
        return confirmed.next();
    }

    /** The provider's question, after signing in where it asks for that. */
    private Document asking(Answer departure) throws IOException {
        assertThat(departure.redirects()).as(departure.body()).isTrue();
        Document page = opened(departure.next());
        if (page.selectFirst("#sign-in-form") != null) {
            page.selectFirst("#email").val(account.email());
            page.selectFirst("#password").val(account.password());
            page = opened(browser.press(page, "#sign-in").next());
        }
        return page;
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
            throw new AssertionError("A callback was answered with " + answer.status() + ": " + answer.body());
        }
        result = URI.create(shown.absUrl("href"));
    }
}
