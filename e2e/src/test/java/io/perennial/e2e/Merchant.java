package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.merchants.Seller;
import java.util.concurrent.TimeUnit;

/** What a merchant does with a link: open it, sign in at the provider, tick the box, confirm, read the result. */
final class Merchant implements AutoCloseable {
    private final Page page = Pages.fresh();

    Page page() {
        return page;
    }

    /** Opens the landing page. */
    Merchant open(String link) {
        page.open(link);
        return this;
    }

    /** Presses the landing page's button and signs in where the provider asks for it. */
    Merchant signIn(Seller seller) {
        page.press("#authorize");
        if (page.has("#sign-in-form")) {
            page.fill("#email", seller.email());
            page.fill("#password", seller.password());
            page.press("#sign-in");
        }
        assertThat(page.text("#account-id")).isEqualTo(seller.id());
        return this;
    }

    /** Ticks the box and confirms; ends on a page of ours. */
    Merchant confirm() {
        page.tick("#consent");
        page.press("#confirm");
        return this;
    }

    /** Presses Cancel at the provider, which tells nobody. */
    Merchant cancel() {
        page.press("#cancel");
        return this;
    }

    /** On a first consent without an expected account: yes, this store. */
    Merchant acceptStore() {
        page.press("#confirm-account");
        return this;
    }

    /** The whole way with an account that is expected; ends on the success page. */
    Merchant consent(String link, Seller seller) {
        open(link).signIn(seller).confirm();
        if (page.has("#confirm-account")) {
            acceptStore();
        }
        return connected();
    }

    /** Waits for the success page; "received, being checked" refreshes itself until then. */
    Merchant connected() {
        await("the success page after " + page.text())
                .atMost(20, TimeUnit.SECONDS)
                .pollInterval(500, TimeUnit.MILLISECONDS)
                .until(() -> {
                    if (!Pages.inBrowser() && !page.has("[data-outcome=connected]")) {
                        page.open(page.url());
                    }
                    return page.has("[data-outcome=connected]");
                });
        return this;
    }

    @Override
    public void close() {
        page.close();
    }
}
