package io.perennial.auth.authorization.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReturnUrlTest {
    private static final List<String> REGISTERED =
            List.of("https://shop.example/back", "https://shop.example/back?tab=amazon", "https://app.shop.example/");
    private static final List<String> TRICKS = List.of(
            "//evil.example",
            "\\",
            "@evil.example",
            ".evil.example",
            "%2f",
            "%00",
            "\t",
            "\n",
            " ",
            "#",
            "?",
            "/../",
            "\u0430",
            "javascript:",
            "a");

    @Test
    void only_the_registered_text_itself_is_a_way_back() {
        SplittableRandom random = new SplittableRandom(19);
        for (int round = 0; round < 20_000; round++) {
            String registered = REGISTERED.get(random.nextInt(REGISTERED.size()));
            String tried = registered;
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                tried = changed(tried, random);
            }
            assertThat(ConsentLinkResource.isWayBack(tried, REGISTERED))
                    .as("%s, round %s", tried, round)
                    .isEqualTo(REGISTERED.stream().anyMatch(tried::contentEquals));
            assertThat(ConsentLinkResource.isWayBack(registered, REGISTERED)).isTrue();
        }
    }

    private static String changed(String address, SplittableRandom random) {
        int place = random.nextInt(address.length() + 1);
        String head = address.substring(0, place);
        String tail = address.substring(place);
        return switch (random.nextInt(4)) {
            case 0 -> head + TRICKS.get(random.nextInt(TRICKS.size())) + tail;
            case 1 -> head + (tail.isEmpty() ? "" : tail.substring(1));
            case 2 -> head.toUpperCase(Locale.ROOT) + tail;
            default -> address.isEmpty() ? "/" : head;
        };
    }
}
