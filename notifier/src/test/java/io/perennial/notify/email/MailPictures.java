package io.perennial.notify.email;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.perennial.testsupport.SystemBrowser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks at mails as programs show them: light, dark and narrow. What it saw is kept as pictures. */
final class MailPictures implements AutoCloseable {
    /** WCAG 2.2, 1.4.3: 4.5 to 1, or 3 to 1 for large letters. Each text against the nearest background behind it. */
    private static final String UNREADABLE =
            """
            () => {
              const parse = colour => colour.match(/[\\d.]+/g).map(Number);
              const luminance = rgb => {
                const [r, g, b] = rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const background = element => {
                for (let e = element; e; e = e.parentElement) {
                  const rgba = parse(getComputedStyle(e).backgroundColor);
                  if (rgba.length === 3 || rgba[3] > 0) return rgba.slice(0, 3);
                }
                return [255, 255, 255];
              };
              const found = [];
              for (const element of document.body.querySelectorAll('*')) {
                const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
                if (!own || !element.checkVisibility()) continue;
                const style = getComputedStyle(element);
                const size = parseFloat(style.fontSize);
                const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
                const [a, b] = [luminance(parse(style.color).slice(0, 3)), luminance(background(element))];
                const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                if (ratio < (large ? 3 : 4.5)) found.push(element.textContent.trim().slice(0, 40) + ' ' + ratio.toFixed(2));
              }
              return found;
            }
            """;

    private final SystemBrowser browser;
    private final Page page;
    private final Path directory;

    private MailPictures(SystemBrowser browser, Path directory) {
        this.browser = browser;
        this.page = browser.browser().newPage();
        this.directory = directory;
    }

    /** Skips the test where there is no browser. */
    static MailPictures in(Path directory) {
        return new MailPictures(SystemBrowser.start("Looking at rendered mails"), directory);
    }

    /** What is wrong with the look of a page: texts that can not be read, and a page that is wider than its window. */
    List<String> faults(String name, String html) {
        page.setContent(html);
        List<String> faults = new ArrayList<>();
        faults.addAll(look(name + ".light", ColorScheme.LIGHT, 800));
        faults.addAll(look(name + ".dark", ColorScheme.DARK, 800));
        faults.addAll(look(name + ".narrow", ColorScheme.LIGHT, 320));
        return faults;
    }

    @SuppressWarnings("unchecked")
    private List<String> look(String picture, ColorScheme scheme, int width) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        page.setViewportSize(width, 900);
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(directory.resolve(picture + ".png"))
                .setFullPage(true));
        List<String> faults = new ArrayList<>();
        ((List<Object>) page.evaluate(UNREADABLE)).forEach(text -> faults.add(picture + " can not be read: " + text));
        if ((Boolean) page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")) {
            faults.add(picture + " is wider than its window");
        }
        return faults;
    }

    @Override
    public void close() {
        browser.close();
    }
}
