package io.perennial.auth.authorization.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.qute.i18n.Message;
import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class LanguageTest {
    private static final Path FILES = Path.of("src", "main", "resources", "messages");
    private static final Pattern PARAMETER = Pattern.compile("\\{(?:#(?:if|else if|switch) )?([a-z]\\w*)");

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ENGLISH")
    void every_language_says_all_that_english_says(Language language) throws IOException {
        complete(Texts.class, "texts_" + language.tag());
        complete(HelpTexts.class, "help_" + language.tag());
    }

    @Test
    void every_file_of_messages_is_a_language() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            Set<String> tags = files.map(file -> file.getFileName().toString())
                    .map(name -> name.substring(name.indexOf('_') + 1, name.indexOf('.')))
                    .collect(Collectors.toSet());
            assertThat(tags).containsExactlyInAnyOrder("de", "es", "fr", "it", "zh");
            assertThat(Arrays.stream(Language.values()).map(Language::tag)).containsAll(tags);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "fr-CA, FRENCH",
        "it-CH, ITALIAN",
        "es-419, SPANISH",
        "zh, CHINESE",
        "zh-CN, CHINESE",
        "zh-Hans, CHINESE",
        "zh-Hant-TW, CHINESE",
        "de-AT, GERMAN",
        "en-GB, ENGLISH",
        "est, ENGLISH",
        "pl, ENGLISH",
        ", ENGLISH"
    })
    void a_contact_reads_the_language_of_its_locale(String tag, Language language) {
        assertThat(Language.ofTag(tag)).isEqualTo(language);
        assertThat(Language.choose(List.of(Locale.forLanguageTag("pl")), tag)).isEqualTo(language);
        assertThat(Language.choose(List.of(Locale.forLanguageTag("pl"), Locale.FRANCE), tag))
                .isEqualTo(Language.FRENCH);
    }

    @ParameterizedTest
    @CsvSource({
        "ENGLISH, 8 March 2027",
        "GERMAN, 8. März 2027",
        "FRENCH, 8 mars 2027",
        "ITALIAN, 8 marzo 2027",
        "SPANISH, 8 de marzo de 2027",
        "CHINESE, 2027年3月8日"
    })
    void a_date_is_written_as_the_language_writes_it(Language language, String date) {
        assertThat(language.date(Instant.parse("2027-03-08T23:59:59Z"))).isEqualTo(date);
    }

    private static void complete(Class<?> bundle, String name) throws IOException {
        Properties words = new Properties();
        try (Reader file = Files.newBufferedReader(FILES.resolve(name + ".properties"))) {
            words.load(file);
        }
        List<Method> messages = Arrays.stream(bundle.getDeclaredMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .toList();

        assertThat(words.stringPropertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        messages.stream().map(Method::getName).toList());
        for (Method message : messages) {
            String text = words.getProperty(message.getName());
            assertThat(text).as(message.getName()).isNotBlank();
            assertThat(parameters(text))
                    .as(message.getName())
                    .isEqualTo(parameters(message.getAnnotation(Message.class).value()));
        }
    }

    private static Set<String> parameters(String text) {
        return PARAMETER.matcher(text).results().map(result -> result.group(1)).collect(Collectors.toSet());
    }
}
