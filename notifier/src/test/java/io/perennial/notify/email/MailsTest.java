package io.perennial.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.ReminderKind;
import io.perennial.notify.Surroundings;
import io.perennial.notify.email.MailLayout.MailBody;
import io.perennial.notify.links.Brand;
import io.perennial.notify.links.Contact;
import io.perennial.notify.links.ReminderLink;
import io.perennial.testsupport.WithPerennial;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;

/** The words and the layout of every kind of mail. Run with {@code -Dmails.write=true} to accept new texts. */
@QuarkusTest
@WithPerennial(database = "notifier")
@WithTestResource(Surroundings.class)
class MailsTest {
    private static final Instant NOW = Instant.parse("2027-03-01T09:00:00Z");
    private static final UUID ID = UUID.fromString("01890000-0000-7000-8000-000000000001");
    private static final String STOP = "https://connect.acme.example/unsubscribe/x7";
    private static final Path RENDERED = Path.of("target", "mails");
    private static final Path GOLDEN = Path.of("src", "test", "resources", "mails");

    @Inject
    Mails mails;

    @Inject
    CollectedMails collected;

    @Inject
    MailLayout layout;

    @Inject
    Languages spoken;

    record Case(String name, MailOrder order) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String language : languages().toList()) {
            for (ReminderKind kind : ReminderKind.values()) {
                cases.add(new Case(kind + "." + language, order(kind, Provider.AMAZON_SELLER, null, language)));
            }
            cases.add(of("EXPIRING-last-day", ReminderKind.EXPIRING, NOW.plusSeconds(0), language));
            cases.add(of("EXPIRING-1-day", ReminderKind.EXPIRING, NOW.plus(Duration.ofHours(20)), language));
            cases.add(new Case(
                    "OVERDUE-working." + language,
                    order(ReminderKind.OVERDUE, Provider.AMAZON_SELLER, ConnectionStatus.OVERDUE, language)));
            cases.add(new Case(
                    "OVERDUE-revoked." + language,
                    order(ReminderKind.OVERDUE, Provider.AMAZON_SELLER, ConnectionStatus.REVOKED, language)));
            for (ReminderKind kind : List.of(ReminderKind.REVOKED, ReminderKind.OVERDUE, ReminderKind.LINK)) {
                cases.add(new Case(kind + "-self." + language, ofPrivateApplication(kind, language)));
            }
            cases.add(new Case(
                    "LINK-connect." + language,
                    order(ReminderKind.LINK, Provider.AMAZON_SELLER, ConnectionStatus.PENDING, language)));
            cases.add(new Case("RECONNECTED-unfinished." + language, unfinished(language)));
            cases.add(new Case(
                    "RECONNECTED-vendor." + language,
                    order(ReminderKind.RECONNECTED, Provider.AMAZON_VENDOR, null, language)));
            cases.add(new Case(
                    "EXPIRING-vendor." + language,
                    order(ReminderKind.EXPIRING, Provider.AMAZON_VENDOR, null, language)));
            cases.add(new Case(
                    "EXPIRED-ads." + language, order(ReminderKind.EXPIRED, Provider.AMAZON_ADS, null, language)));
        }
        for (String language : List.of("en", "de", "fr", "it", "es", "zh")) {
            cases.add(new Case("EXPIRING-estimated." + language, estimated(ReminderKind.EXPIRING, language)));
        }
        cases.add(new Case("LINK-estimated.en", estimated(ReminderKind.LINK, "en")));
        for (String language : List.of("fr", "it", "es", "zh")) {
            for (ReminderKind kind : List.of(ReminderKind.EXPIRING, ReminderKind.RECONNECTED)) {
                cases.add(new Case(kind + "." + language, order(kind, Provider.AMAZON_SELLER, null, language)));
            }
            cases.add(new Case("RECONNECTED-unfinished." + language, unfinished(language)));
            cases.add(new Case("REVOKED-self." + language, ofPrivateApplication(ReminderKind.REVOKED, language)));
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_text_is_as_it_was_approved(Case mail) throws IOException {
        MailContent content = mails.write(mail.order());
        MailBody body = layout.lay(content);
        Files.createDirectories(RENDERED);
        Files.writeString(RENDERED.resolve(mail.name() + ".html"), body.html());
        String text = "Subject: " + content.subject() + "\nPreview: " + content.preview() + "\n\n" + body.text();
        Path golden = GOLDEN.resolve(mail.name() + ".txt");
        if (Boolean.getBoolean("mails.write")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, text);
        }

        assertThat(golden).hasContent(text);
        assertThat(text.lines().filter(line -> !line.contains("http"))).allMatch(line -> line.length() <= 100);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_page_is_well_formed_small_and_asks_nothing_of_the_network(Case mail) throws Exception {
        String html = layout.lay(mails.write(mail.order())).html();
        DocumentBuilderFactory parsers = DocumentBuilderFactory.newInstance();
        parsers.setExpandEntityReferences(false);
        parsers.newDocumentBuilder().parse(new InputSource(new StringReader(html)));

        assertThat(html).doesNotContain("<script").doesNotContain("<link").doesNotContain("<img");
        assertThat(html).doesNotContain("NOT_FOUND");
        // Gmail cuts at 102 kB.
        assertThat(html.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(50_000);
        assertThat(html.lines()).allMatch(line -> line.length() < 900);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whoever_must_act_finds_all_that_is_needed(Case mail) {
        MailContent content = mails.write(mail.order());
        MailBody body = layout.lay(content);
        for (String form : List.of(body.html(), body.text())) {
            assertThat(form)
                    .contains("PRN-7Q4K-2M")
                    .contains("Muster Shop")
                    .contains("Acme Commerce")
                    .contains("Listing Sync")
                    .contains("help@acme.example")
                    .contains("Mon-Fri 8-18 CET");
        }
        if (mail.order().about().selfAuthorized()) {
            assertThat(body.text()).contains("efresh").doesNotContain("/connect/");
            assertThat(content.blocks()).hasSize(2);
        } else if (mail.order().kind() != ReminderKind.RECONNECTED) {
            assertThat(body.text()).containsOnlyOnce("https://connect.acme.example/connect/k3J9");
            assertThat(Pattern.compile("href=\"https://connect.acme.example/connect/k3J9\"")
                            .matcher(body.html())
                            .results())
                    .hasSize(2);
            assertThat(content.blocks()).hasSize(2);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_brand_shows_its_logo_and_colour_only_when_they_are_what_they_claim(Case mail) {
        MailOrder order = mail.order();
        MailContent content = mails.write(
                new MailOrder(ID, order.kind(), 2, 0, NOW, withBrand(order.about()), order.contact(), null));

        assertThat(content.logoUrl()).isEqualTo("https://cdn.acme.example/logo.png");
        assertThat(content.colours()).isEqualTo(new BrandColours("#ffcc00", "#000000"));
        assertThat(layout.lay(content).html()).contains("<img src=\"https://cdn.acme.example/logo.png\"");
    }

    @ParameterizedTest
    @MethodSource("languages")
    void a_mail_about_several_accounts_names_each_and_has_one_link(String language) throws Exception {
        MailContent content = collected.write(collectedOrder(language));
        MailBody body = layout.lay(content);
        Files.createDirectories(RENDERED);
        Files.writeString(RENDERED.resolve("COLLECTED." + language + ".html"), body.html());
        String text = "Subject: " + content.subject() + "\nPreview: " + content.preview() + "\n\n" + body.text();
        Path golden = GOLDEN.resolve("COLLECTED." + language + ".txt");
        if (Boolean.getBoolean("mails.write")) {
            Files.writeString(golden, text);
        }

        assertThat(golden).hasContent(text);
        assertThat(body.text()).containsOnlyOnce("https://connect.acme.example/connect/k3J9");
        assertThat(content.facts()).hasSize(4);
        assertThat(body.html()).doesNotContain("NOT_FOUND");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body.html())));
    }

    @ParameterizedTest
    @MethodSource("everyLanguage")
    void an_end_that_is_estimated_is_never_said_as_if_it_were_known(String language) throws IOException {
        String estimated = words(language).getProperty("endEstimated");
        String said = words(language).getProperty("estimated").replace("{date}", "");
        for (ReminderKind kind : List.of(ReminderKind.EXPIRING, ReminderKind.RECONNECTED, ReminderKind.LINK)) {
            MailContent content = mails.write(estimated(kind, language));

            assertThat(content.paragraphs()).as("%s", kind).contains(estimated);
            assertThat(content.preview() + content.paragraphs() + content.facts())
                    .contains(said)
                    .doesNotContain("09:00", "UTC");
            assertThat(mails.write(order(kind, Provider.AMAZON_SELLER, null, language))
                            .paragraphs())
                    .doesNotContain(estimated);
        }
        MailContent both = collected.write(new CollectedOrder(List.of(
                order(ReminderKind.EXPIRING, Provider.AMAZON_SELLER, null, language),
                estimated(ReminderKind.EXPIRING, language))));
        assertThat(both.paragraphs()).contains(words(language).getProperty("collectedEstimated"));
        assertThat(both.facts().get(0).toString()).doesNotContain(said);
        assertThat(both.facts().get(1).toString()).contains(said);
    }

    @Test
    void every_kind_of_mail_can_be_read_light_dark_and_narrow() {
        try (MailPictures pictures = MailPictures.in(RENDERED)) {
            List<String> faults = new ArrayList<>();
            // Variants of a kind differ in words alone.
            cases().filter(mail -> mail.name().matches("[A-Z_]+\\.[a-z]{2}"))
                    .forEach(mail -> faults.addAll(pictures.faults(
                            mail.name(), layout.lay(mails.write(mail.order())).html())));
            MailOrder branded = order(ReminderKind.EXPIRED, Provider.AMAZON_SELLER, null, "de");
            for (String colour : List.of("#ffcc00", "#e53935")) {
                MailOrder inColour = new MailOrder(
                        ID,
                        branded.kind(),
                        0,
                        0,
                        NOW,
                        link(Provider.AMAZON_SELLER, ConnectionStatus.EXPIRED, NOW, brand(colour, null)),
                        branded.contact(),
                        STOP);
                faults.addAll(pictures.faults(
                        "EXPIRED-" + colour.substring(1),
                        layout.lay(mails.write(inColour)).html()));
            }
            languages()
                    .forEach(language -> faults.addAll(pictures.faults(
                            "COLLECTED." + language,
                            layout.lay(collected.write(collectedOrder(language)))
                                    .html())));
            assertThat(faults).isEmpty();
        }
    }

    private static CollectedOrder collectedOrder(String language) {
        return new CollectedOrder(List.of(
                order(ReminderKind.EXPIRING, Provider.AMAZON_SELLER, null, language),
                order(ReminderKind.OVERDUE, Provider.AMAZON_SELLER, null, language),
                order(ReminderKind.OVERDUE, Provider.AMAZON_VENDOR, ConnectionStatus.OVERDUE, language),
                order(ReminderKind.OVERDUE, Provider.AMAZON_SELLER, ConnectionStatus.REVOKED, language)));
    }

    /** Those in which every kind was approved; of the others a few are. */
    static Stream<String> languages() {
        return Stream.of("en", "de");
    }

    @ParameterizedTest
    @MethodSource("everyLanguage")
    void every_language_is_complete(String language) throws IOException {
        java.util.Properties words = words(language);
        List<String> keys = Stream.of(Messages.class.getDeclaredMethods())
                .filter(method -> java.lang.reflect.Modifier.isAbstract(method.getModifiers()))
                .map(java.lang.reflect.Method::getName)
                .toList();

        assertThat(words.stringPropertyNames()).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(words.values()).allSatisfy(word -> assertThat((String) word).isNotBlank());
        java.util.Properties english = words(Languages.DEFAULT);
        for (String key : keys) {
            assertThat(parameters(words, key)).as(key).isEqualTo(parameters(english, key));
        }
    }

    /** What a text says of what it is given, in its sections too. */
    private static java.util.Set<String> parameters(java.util.Properties words, String key) {
        return Pattern.compile("\\{(?:#(?:if|else if|switch) )?([a-z]\\w*)")
                .matcher(words.getProperty(key))
                .results()
                .map(result -> result.group(1))
                .collect(java.util.stream.Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("everyLanguage")
    void every_mail_can_be_written_in_every_language(String language) {
        for (ReminderKind kind : ReminderKind.values()) {
            for (Provider provider : Provider.values()) {
                MailContent content = mails.write(order(kind, provider, null, language));
                MailBody body = layout.lay(content);
                String text = content.subject() + "\n" + content.preview() + "\n" + body.text();

                assertThat(content.language()).isEqualTo(language);
                assertThat(body.html()).contains("<html lang=\"" + language + "\"");
                assertThat(text).doesNotContain("{", "}", "NOT_FOUND", " .", "..");
                assertThat(text.lines()).noneMatch(line -> line.strip().contains("  "));
                assertThat(text.lines().filter(line -> !line.contains("http"))).allMatch(line -> line.length() <= 100);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "fr-CA, fr",
        "it_IT, it",
        "es-419, es",
        "zh-CN, zh",
        "zh-Hans, zh",
        "zh-Hans-SG, zh",
        "zh-TW, zh",
        "zh_Hant_HK, zh",
        "de-AT, de",
        "en-GB, en",
        "pt-BR, en",
        ", en"
    })
    void a_contact_reads_the_language_nearest_to_its_locale(String locale, String language) {
        assertThat(spoken.of(locale).locale().toLanguageTag()).isEqualTo(language);
    }

    @Test
    void six_languages_are_spoken() throws IOException {
        assertThat(spoken.tags()).contains("de", "en", "es", "fr", "it", "zh");
        assertThat(spoken.tags())
                .containsExactlyInAnyOrderElementsOf(everyLanguage().toList());
    }

    /** Those that have a file. */
    static Stream<String> everyLanguage() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src", "main", "resources", "messages"))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("mail_"))
                    .map(name -> name.substring("mail_".length(), name.indexOf('.')))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void lines_of_chinese_end_beside_an_ideograph_and_never_before_punctuation() {
        String text = "亚马逊要求您每年确认一次此项授权。".repeat(9) + "请发邮件至 help@acme.example（工作日）。";

        assertThat(MailLayout.Columns.wrapped(text).lines())
                .hasSizeGreaterThan(4)
                .allMatch(line -> line.length() <= 36 || line.contains("help@acme.example"))
                .noneMatch(line -> line.startsWith("。") || line.startsWith("）") || line.endsWith("（"));
        assertThat(MailLayout.Columns.wrapped(text).replace("\n", "")).isEqualTo(text);
        assertThat(MailLayout.Columns.underlined("含义", "=")).isEqualTo("含义\n====");
    }

    private static java.util.Properties words(String language) throws IOException {
        java.util.Properties words = new java.util.Properties();
        try (InputStream file = Messages.class.getResourceAsStream("/messages/mail_" + language + ".properties")) {
            words.load(new java.io.InputStreamReader(file, StandardCharsets.UTF_8));
        }
        return words;
    }

    private static Case of(String name, ReminderKind kind, Instant endsAt, String language) {
        ReminderLink about = link(Provider.AMAZON_SELLER, ConnectionStatus.ACTIVE, endsAt, brand(null, null));
        return new Case(name + "." + language, new MailOrder(ID, kind, 0, 0, NOW, about, contact(language), STOP));
    }

    /** A token that its owner made, refused by the provider: no end and no link. */
    private static MailOrder ofPrivateApplication(ReminderKind kind, String language) {
        ReminderLink about =
                link(Provider.AMAZON_SELLER, ConnectionStatus.REVOKED, null, brand(null, null), null, true);
        return new MailOrder(ID, kind, 2, 0, NOW, about, contact(language), STOP);
    }

    /** Connected again, and the fetch of what was missed has failed. */
    private static MailOrder unfinished(String language) {
        ReminderKind kind = ReminderKind.RECONNECTED;
        ReminderLink about = link(Provider.AMAZON_SELLER, usual(kind), endsAt(kind), brand(null, null));
        return new MailOrder(ID, kind, 0, null, NOW, about, contact(language), STOP);
    }

    /** Of a grant whose consent nobody saw. */
    private static MailOrder estimated(ReminderKind kind, String language) {
        ReminderLink about = link(
                Provider.AMAZON_SELLER,
                usual(kind),
                endsAt(kind),
                EndsAtSource.ESTIMATE,
                brand(null, null),
                "https://connect.acme.example/connect/k3J9",
                false);
        return new MailOrder(ID, kind, 2, 1284, NOW, about, contact(language), STOP);
    }

    private static MailOrder order(ReminderKind kind, Provider provider, ConnectionStatus state, String language) {
        return new MailOrder(
                ID,
                kind,
                2,
                1284,
                NOW,
                link(provider, state == null ? usual(kind) : state, endsAt(kind), brand(null, null)),
                contact(language),
                STOP);
    }

    private static ConnectionStatus usual(ReminderKind kind) {
        return switch (kind) {
            case EXPIRED, OVERDUE -> ConnectionStatus.EXPIRED;
            case REVOKED -> ConnectionStatus.REVOKED;
            default -> ConnectionStatus.ACTIVE;
        };
    }

    private static Instant endsAt(ReminderKind kind) {
        return switch (kind) {
            case EXPIRED -> NOW.minus(Duration.ofMinutes(5));
            case OVERDUE -> NOW.minus(Duration.ofDays(14));
            case RECONNECTED -> NOW.plus(Duration.ofDays(365));
            default -> NOW.plus(Duration.ofDays(9));
        };
    }

    private static Contact contact(String language) {
        return new Contact(ID, "Maria Muster", "maria@merchant.example", language, 0);
    }

    private static Brand brand(String colour, String logoUrl) {
        return new Brand(
                "acme",
                "Acme Commerce",
                "Listing Sync",
                "help@acme.example",
                "Mon-Fri 8-18 CET",
                "https://acme.example/help",
                colour,
                logoUrl,
                null,
                null,
                null);
    }

    private static ReminderLink withBrand(ReminderLink about) {
        return link(
                about.provider(), about.state(), about.endsAt(), brand("#FFCC00", "https://cdn.acme.example/logo.png"));
    }

    private static ReminderLink link(Provider provider, ConnectionStatus state, Instant endsAt, Brand brand) {
        return link(provider, state, endsAt, brand, "https://connect.acme.example/connect/k3J9", false);
    }

    private static ReminderLink link(
            Provider provider,
            ConnectionStatus state,
            Instant endsAt,
            Brand brand,
            String url,
            boolean selfAuthorized) {
        return link(provider, state, endsAt, EndsAtSource.RULE, brand, url, selfAuthorized);
    }

    private static ReminderLink link(
            Provider provider,
            ConnectionStatus state,
            Instant endsAt,
            EndsAtSource endsAtSource,
            Brand brand,
            String url,
            boolean selfAuthorized) {
        return new ReminderLink(
                ID,
                1,
                true,
                state,
                url,
                "PRN-7Q4K-2M",
                "Muster Shop DE",
                "shop-17",
                endsAt,
                endsAtSource,
                state == ConnectionStatus.PENDING ? null : "A2MUSTER12345",
                state == ConnectionStatus.PENDING ? null : "Muster Shop",
                provider,
                Region.EU,
                brand,
                List.of(),
                null,
                selfAuthorized,
                null,
                null);
    }
}
