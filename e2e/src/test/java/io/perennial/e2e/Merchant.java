package io.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perennial.merchants.Seller;
import java.util.concurrent.TimeUnit;

/** What a merchant does with a link: open it, sign in at the provider, tick the box, confirm, read the result. */
final class Merchant implements AutoCloseable {
    private final Page page;

    Merchant() {
        this(Pages.fresh());
    }

    /** One who goes on where a page stands already. */
    Merchant(Page page) {
        this.page = page;
    }

    /** One whose browser is not what a test is about. */
    static Merchant byHttp() {
        return new Merchant(new HttpPage());
    }

    Page page() {
        return page;
    }

    /** Opens the landing page. */
    Merchant open(String link) {
        page.open(link);
        return this;
    }

    /** Presses the landing page's button, for the next of several connections, and signs in where the provider asks for it. */
    Merchant signIn(Seller seller) {
        page.press("#authorize, form[data-popup] .primary");
        assertThat(page.text("#sign-in-form, #account-id")).isNotEmpty();
        if (page.has("#sign-in-form")) {
            giveCredentials(seller);
        }
        assertThat(page.text("#account-id")).isEqualTo(seller.id());
        return this;
    }

    /** Signs out of the account that the provider remembers, and in with another one. */
    Merchant switchTo(Seller seller) {
        page.press("#switch-account");
        giveCredentials(seller);
        assertThat(page.text("#account-id")).isEqualTo(seller.id());
        return this;
    }

    /** Opens a page of the provider's that asks who comes. */
    Merchant signIn(String address, Seller seller) {
        page.open(address);
        giveCredentials(seller);
        return this;
    }

    private void giveCredentials(Seller seller) {
        page.fill("#email", seller.email());
        page.fill("#password", seller.password());
        page.press("#sign-in");
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

    /** Waits for the success page. */
    Merchant connected() {
        return ends("connected");
    }

    /** Waits for the page that says what became of it; "received, being checked" refreshes itself until then. */
    Merchant ends(String outcome) {
        String css = "[data-outcome=" + outcome + "]";
        await(outcome + " after " + page.text())
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(500, TimeUnit.MILLISECONDS)
                .until(() -> {
                    if (!page.lives() && !page.has(css)) {
                        page.open(page.url());
                    }
                    return page.has(css);
                });
        return this;
    }

    @Override
    public void close() {
        page.close();
    }
}
