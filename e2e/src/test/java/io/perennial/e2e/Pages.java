package io.perennial.e2e;

import io.perennial.testsupport.SystemBrowser;

/** Opens pages in a browser or, where none is there and none is required, by plain HTTP. */
final class Pages {
    private static final String WANTED = System.getProperty("browser", "auto");
    private static final boolean BROWSER = decide();

    private Pages() {}

    static boolean inBrowser() {
        return BROWSER;
    }

    static Page fresh() {
        return BROWSER ? new BrowserPage() : new HttpPage();
    }

    private static boolean decide() {
        boolean found = SystemBrowser.installed().isPresent();
        if (WANTED.equals("required") && !found) {
            throw new AssertionError("-Dbrowser=required, but there is no Chromium in /usr/bin");
        }
        boolean use = found && !WANTED.equals("none");
        if (!use) {
            System.out.println("No browser: the journey is walked by plain HTTP");
        }
        return use;
    }
}
