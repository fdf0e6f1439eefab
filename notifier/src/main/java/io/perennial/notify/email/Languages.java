package io.perennial.notify.email;

import io.quarkus.qute.i18n.Localized;
import io.quarkus.qute.i18n.MessageBundles;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The languages that mails can be written in: those that have a message bundle. */
@Singleton
class Languages {
    static final String DEFAULT = "en";

    private final Map<String, Messages> byTag = new TreeMap<>();
    private final List<Locale> locales;

    Languages(@Any Instance<Messages> bundles) {
        byTag.put(DEFAULT, MessageBundles.get(Messages.class));
        for (Instance.Handle<Messages> bundle : bundles.handles()) {
            bundle.getBean().getQualifiers().stream()
                    .filter(Localized.class::isInstance)
                    .map(qualifier -> ((Localized) qualifier).value())
                    .forEach(tag -> byTag.put(tag, bundle.get()));
        }
        locales = byTag.keySet().stream().map(Locale::forLanguageTag).toList();
    }

    /** The language for a contact's locale, say {@code de-AT}: that one, else its language, else the default. */
    Language of(@Nullable String locale) {
        Locale found = Locale.lookup(ranges(locale), locales);
        String tag = found == null ? DEFAULT : found.toLanguageTag();
        Messages messages = byTag.getOrDefault(tag, MessageBundles.get(Messages.class));
        return new Language(Locale.forLanguageTag(tag), messages);
    }

    List<String> tags() {
        return List.copyOf(byTag.keySet());
    }

    private static List<LanguageRange> ranges(@Nullable String locale) {
        String tag = locale == null
                ? ""
                : Locale.forLanguageTag(locale.replace('_', '-')).toLanguageTag();
        return tag.isEmpty() || tag.equals("und") ? List.of() : List.of(new LanguageRange(tag));
    }

    /** A language and its words. */
    record Language(Locale locale, Messages messages) {}
}
