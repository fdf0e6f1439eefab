package io.perennial.console.words;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.contracts.ClientSecretExpiring;
import io.perennial.contracts.ConnectionRef;
import io.perennial.contracts.ConnectionState;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.EventCodec;
import io.perennial.contracts.EventType;
import io.perennial.contracts.FetchCompleted;
import io.perennial.contracts.FetchProgressed;
import io.perennial.contracts.FetchReason;
import io.perennial.contracts.OrderFetched;
import io.perennial.contracts.ProfileSnapshotTaken;
import io.perennial.contracts.Provider;
import io.perennial.contracts.ProviderOutageCleared;
import io.perennial.contracts.ProviderOutageDetected;
import io.perennial.contracts.Region;
import io.perennial.contracts.SubscriptionCheck;
import io.perennial.contracts.SubscriptionState;
import io.perennial.contracts.TenantState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WordsTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Set<Class<?>> NOT_TOLD = Set.of(
            ConnectionState.class,
            TenantState.class,
            FetchProgressed.class,
            OrderFetched.class,
            ProfileSnapshotTaken.class,
            ClientSecretExpiring.class,
            ProviderOutageDetected.class,
            ProviderOutageCleared.class);

    @ParameterizedTest
    @EnumSource(ConnectionStatus.class)
    void every_state_has_a_word_and_a_meaning(ConnectionStatus state) {
        StateWord word = StateWord.of(state, null, NOW);

        assertThat(word.word()).isNotBlank();
        assertThat(word.meaning()).endsWith(".");
    }

    @Test
    void every_state_has_a_shape_of_its_own_in_the_icons() {
        List<String> shapes = Arrays.stream(ConnectionStatus.values())
                .map(state -> StateWord.of(state).icon())
                .toList();

        assertThat(shapes).doesNotHaveDuplicates();
        String icons = resource("/META-INF/resources/icons.svg");
        assertThat(shapes).allMatch(shape -> icons.contains("id=\"" + shape + "\""));
    }

    @Test
    void an_active_connection_ends_soon_within_thirty_days() {
        assertThat(StateWord.of(ConnectionStatus.ACTIVE, NOW.plusSeconds(29 * 86_400), NOW)
                        .word())
                .isEqualTo("Ends soon");
        assertThat(StateWord.of(ConnectionStatus.ACTIVE, NOW.plusSeconds(31 * 86_400), NOW)
                        .word())
                .isEqualTo("Active");
    }

    @Test
    void an_overdue_connection_whose_end_was_corrected_is_not_said_to_be_past_it() {
        assertThat(StateWord.of(ConnectionStatus.OVERDUE, NOW.plusSeconds(86_400), NOW)
                        .meaning())
                .contains("corrected", "active again");
        assertThat(StateWord.of(ConnectionStatus.OVERDUE, NOW.minusSeconds(1), NOW)
                        .meaning())
                .contains("past its end");
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void every_event_of_the_contract_is_told_in_words(EventType type) {
        if (NOT_TOLD.contains(type.data())) {
            return;
        }
        String sample = resource("/perennial/samples/" + type.data().getSimpleName() + ".v1.json");
        var event = EventCodec.decode(
                        Map.of(
                                "ce_id", "01990000-0000-7000-8000-0000000000aa",
                                "ce_type", type.type(),
                                "ce_source", "/perennial/test",
                                "ce_subject", "01990000-0000-7000-8000-000000000001",
                                "ce_time", "2026-01-15T09:30:00Z"),
                        sample.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .orElseThrow();

        EventSentence sentence = EventSentence.of(event.data());

        assertThat(EventSentence.kinds()).contains(type.data());
        assertThat(sentence.title()).isNotBlank().doesNotContain("_");
        assertThat(sentence.detail()).doesNotContain("null", "_");
    }

    @Test
    void the_kinds_that_are_not_told_are_named_here() {
        Set<Class<?>> all =
                Arrays.stream(EventType.values()).map(EventType::data).collect(Collectors.toSet());

        assertThat(all).containsAll(NOT_TOLD);
        assertThat(EventSentence.kinds())
                .doesNotContainAnyElementsOf(NOT_TOLD.stream()
                        .map(kind -> kind.asSubclass(io.perennial.contracts.Event.class))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "2026-06-13T11:00:00Z, 12 days left",
        "2026-06-02T12:00:00Z, 1 day left",
        "2026-06-01T12:00:01Z, 1 day left",
        "2026-06-01T11:59:59Z, ended today",
        "2026-05-31T12:00:00Z, 1 day ago",
        "2026-05-29T12:00:00Z, 3 days ago"
    })
    void distances_count_begun_days(Instant end, String words) {
        assertThat(Moments.distance(end, NOW)).isEqualTo(words);
    }

    @Test
    void moments_are_utc_whatever_the_zone_of_the_machine() {
        assertThat(Moments.day(Instant.parse("2027-01-15T23:50:00Z"))).isEqualTo("15 Jan 2027");
        assertThat(Moments.minute(Instant.parse("2027-01-15T09:30:00Z"))).isEqualTo("15 Jan 2027, 09:30 UTC");
    }

    @ParameterizedTest
    @CsvSource({
        "STANDS, , GOOD, still announces order changes",
        "MISSING, , SOON, must subscribe again",
        "UNKNOWN, PROVIDER_TIMEOUT, GOOD, could not be found out: provider timeout"
    })
    void after_a_renewal_it_is_told_whether_amazon_still_announces_order_changes(
            SubscriptionState state, String reason, Tone tone, String words) {
        ConnectionRef about =
                new ConnectionRef("acme", new UUID(0, 1), "shop-17", Provider.AMAZON_SELLER, Region.EU, 2, NOW);
        EventSentence sentence = EventSentence.of(new FetchCompleted(
                about,
                new UUID(0, 2),
                FetchReason.RENEWAL_GAP,
                NOW,
                NOW,
                1,
                2,
                0,
                0,
                null,
                new SubscriptionCheck(state, reason, NOW),
                null));

        assertThat(sentence.tone()).isEqualTo(tone);
        assertThat(sentence.detail()).startsWith("2 new").contains(words);
    }

    @Test
    void unknown_codes_are_shown_as_words() {
        assertThat(TroubleSentence.of("FETCH_FAILED", "SOMETHING_NEW"))
                .isEqualTo("The last fetch failed: something new.");
        assertThat(TroubleSentence.of("NEVER_SEEN", null)).isEqualTo("Something went wrong: never seen.");
    }

    @Test
    void search_words_hold_letters_and_digits_only() {
        assertThat(SearchWords.of("Mühle-Nord & Co.", null, "shop_17'\\:*"))
                .containsExactly("mühle", "nord", "co", "shop", "17");
    }

    @Test
    void a_reference_number_is_one_word_with_its_dashes_or_without() {
        assertThat(SearchWords.of("P-6P08-B6NC-320A")).containsExactly("p6p08b6nc320a");
        assertThat(SearchWords.of("shop p6P08b6nc320a")).containsExactly("shop", "p6p08b6nc320a");
        assertThat(SearchWords.of("Cap-6P08-B6NC-320A", "P-Shop"))
                .containsExactly("cap", "6p08", "b6nc", "320a", "p", "shop");
    }

    private static String resource(String name) {
        try (InputStream in = WordsTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
