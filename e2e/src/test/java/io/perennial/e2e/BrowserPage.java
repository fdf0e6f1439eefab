package io.perennial.e2e;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import io.perennial.testsupport.SystemBrowser;
import java.nio.file.Path;

/** Headless Chromium. Each page has a profile of its own, like a private window. */
final class BrowserPage implements Page {
    /** One browser for the whole run; it ends with the JVM. */
    private static final class Chromium {
        static final Browser BROWSER =
                new SystemBrowser(SystemBrowser.installed().orElseThrow()).browser();
    }

    private final BrowserContext context;
    private final com.microsoft.playwright.Page page;

    BrowserPage() {
        context = Chromium.BROWSER.newContext(new Browser.NewContextOptions().setLocale("en-GB"));
        page = context.newPage();
        page.setDefaultTimeout(30_000);
        page.onRequest(request -> Trail.visited(request.url()));
    }

    @Override
    public void open(String url) {
        page.navigate(url);
    }

    @Override
    public boolean has(String css) {
        return page.locator(css).count() > 0;
    }

    @Override
    public String text(String css) {
        return page.locator(css).first().innerText();
    }

    @Override
    public String attribute(String css, String name) {
        return page.locator(css).first().getAttribute(name);
    }

    @Override
    public void fill(String css, String value) {
        page.locator(css).first().fill(value);
    }

    @Override
    public void choose(String css, String value) {
        page.locator(css).first().selectOption(value);
    }

    @Override
    public void tick(String css) {
        page.locator(css).first().check();
    }

    @Override
    public void press(String css) {
        page.locator(css).first().click();
        page.waitForLoadState();
    }

    @Override
    public String url() {
        return page.url();
    }

    @Override
    public boolean lives() {
        return true;
    }

    void screenshot(Path file) {
        page.screenshot(new com.microsoft.playwright.Page.ScreenshotOptions()
                .setPath(file)
                .setFullPage(true));
    }

    com.microsoft.playwright.Page raw() {
        return page;
    }

    @Override
    public void close() {
        context.close();
    }
}
