package io.perennial.notify.email;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** The page on which whoever got a mail unsubscribes. It shows nothing that came from outside. */
@Singleton
public class UnsubscribePages {
    private final Languages languages;

    UnsubscribePages(Languages languages) {
        this.languages = languages;
    }

    /** Asks for the click that acts. */
    public String ask(String locale) {
        Languages.Language language = languages.of(locale);
        Messages say = language.messages();
        return page(language, say.unsubscribeTitle(), say.unsubscribeText(), say.unsubscribeButton());
    }

    public String done(String locale) {
        Languages.Language language = languages.of(locale);
        Messages say = language.messages();
        return page(language, say.unsubscribedTitle(), say.unsubscribedText(), null);
    }

    public String unknown(String locale) {
        Languages.Language language = languages.of(locale);
        Messages say = language.messages();
        return page(language, say.unsubscribeUnknownTitle(), say.unsubscribeUnknownText(), null);
    }

    private static String page(Languages.Language language, String title, String text, @Nullable String button) {
        return Templates.unsubscribe(language.locale().toLanguageTag(), title, text, button)
                .render();
    }

    @CheckedTemplate(basePath = "page")
    static final class Templates {
        private Templates() {}

        static native TemplateInstance unsubscribe(String language, String title, String text, @Nullable String button);
    }
}
