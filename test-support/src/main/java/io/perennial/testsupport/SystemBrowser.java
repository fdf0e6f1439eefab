package io.perennial.testsupport;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** The machine's own Chromium, by {@code -Dbrowser}: {@code auto} (use one if found), {@code required}, {@code none}. */
public final class SystemBrowser implements AutoCloseable {
    private static final List<Path> PLACES = List.of(
            Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"), Path.of("/usr/bin/google-chrome"));
    private static final List<String> QUIET = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Playwright playwright;
    private final Browser browser;

    /** Starts it, where {@link #installed} has found one. */
    public SystemBrowser(Path executable) {
        // an assertion on a page tells what is there in the end, not how fast a busy machine is
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE.toMillis());
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(QUIET));
    }

    /**
     * Skips the test where no browser is wanted or found, and says so; fails where one is required.
     *
     * @param test what is skipped then
     */
    public static SystemBrowser start(String test) {
        String wish = System.getProperty("browser", "auto");
        Optional<Path> found = installed();
        if (wish.equals("required") && found.isEmpty()) {
            throw new AssertionError("-Dbrowser=required, but there is no Chromium in " + PLACES);
        }
        if (wish.equals("none") || found.isEmpty()) {
            String line =
                    test + " is skipped: " + (wish.equals("none") ? "-Dbrowser=none" : "no Chromium in " + PLACES);
            System.out.println(line);
            Assumptions.abort(line);
        }
        return new SystemBrowser(found.orElseThrow());
    }

    /** Where the system's Chromium is, if it has one. */
    public static Optional<Path> installed() {
        return PLACES.stream().filter(Files::isExecutable).findFirst();
    }

    public Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
