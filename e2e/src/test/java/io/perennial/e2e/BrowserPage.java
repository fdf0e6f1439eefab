package io.perennial.e2e;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Headless Chromium. Each page has a profile of its own, like a private window. */
final class BrowserPage implements Page {
    private static final List<String> QUIET = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final BrowserContext context;
    private final com.microsoft.playwright.Page page;

    BrowserPage() {
        context = Chromium.INSTANCE.browser.newContext(new Browser.NewContextOptions().setLocale("en-GB"));
        page = context.newPage();
        page.setDefaultTimeout(15_000);
        page.onRequest(request -> Trail.visited(request.url()));
    }

    /** Where the system's Chromium is, if it has one. */
    static Optional<Path> chromium() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
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

    /** One browser for the whole run; it ends with the JVM. */
    private static final class Chromium {
        static final Chromium INSTANCE = new Chromium();

        final Browser browser;

        private Chromium() {
            Playwright playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(chromium().orElseThrow())
                            .setArgs(QUIET));
        }
    }
}
