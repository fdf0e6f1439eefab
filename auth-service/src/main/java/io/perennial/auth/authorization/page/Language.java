package io.perennial.auth.authorization.page;

import io.quarkus.qute.i18n.Localized;
import io.quarkus.qute.i18n.MessageBundles;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The languages of the pages. */
public enum Language {
    ENGLISH(Locale.ENGLISH),
    GERMAN(Locale.GERMAN);

    private final Locale locale;

    Language(Locale locale) {
        this.locale = locale;
    }

    public String tag() {
        return locale.getLanguage();
    }

    /** What pages say in this language. */
    public Texts texts() {
        return this == ENGLISH
                ? MessageBundles.get(Texts.class)
                : MessageBundles.get(Texts.class, Localized.Literal.of(tag()));
    }

    /** What Amazon's codes mean in this language. */
    HelpTexts help() {
        return this == ENGLISH
                ? MessageBundles.get(HelpTexts.class)
                : MessageBundles.get(HelpTexts.class, Localized.Literal.of(tag()));
    }

    /** A date as people of that language write it. Days of the provider's calendar are UTC. */
    public String date(Instant instant) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(this == ENGLISH ? Locale.UK : locale)
                .format(instant.atOffset(ZoneOffset.UTC));
    }

    /** The first language the browser accepts that we speak; otherwise the contact's; otherwise English. */
    public static Language choose(List<Locale> accepted, @Nullable String contact) {
        for (Locale wanted : accepted) {
            for (Language language : values()) {
                if (language.locale.getLanguage().equals(wanted.getLanguage())) {
                    return language;
                }
            }
        }
        return ofTag(contact);
    }

    public static Language ofTag(@Nullable String tag) {
        return tag != null && tag.startsWith(GERMAN.tag()) ? GERMAN : ENGLISH;
    }
}
