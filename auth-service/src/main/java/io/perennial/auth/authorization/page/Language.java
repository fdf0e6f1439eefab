package io.perennial.auth.authorization.page;

import io.quarkus.qute.i18n.Localized;
import io.quarkus.qute.i18n.MessageBundles;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The languages of the pages. Another one is a constant here and two files of messages, {@code texts_<tag>} and
 * {@code help_<tag>}.
 *
 * <p>Chinese is written in simplified characters. Who reads traditional ones gets it too: nearer than English.
 */
public enum Language {
    ENGLISH(Locale.ENGLISH),
    GERMAN(Locale.GERMAN),
    FRENCH(Locale.FRENCH),
    ITALIAN(Locale.ITALIAN),
    SPANISH(Locale.forLanguageTag("es")),
    CHINESE(Locale.CHINESE);

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
        return accepted.stream().flatMap(Language::spoken).findFirst().orElseGet(() -> ofTag(contact));
    }

    /** The language of a locale, whatever its script and country; English for one that we do not speak. */
    public static Language ofTag(@Nullable String tag) {
        return tag == null
                ? ENGLISH
                : spoken(Locale.forLanguageTag(tag)).findFirst().orElse(ENGLISH);
    }

    private static Stream<Language> spoken(Locale wanted) {
        return Arrays.stream(values()).filter(language -> language.tag().equals(wanted.getLanguage()));
    }
}
