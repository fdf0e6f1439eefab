package io.perennial.sandbox.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.sandbox.seed.Dice;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrderNumberTest {

    private static final Dice DICE = new Dice(7);

    @Test
    void a_number_says_where_its_order_comes_from() {
        for (OrderNumber number : List.of(
                new OrderNumber(OrderNumber.Kind.DAILY, 0, 16801, 0),
                new OrderNumber(OrderNumber.Kind.DAILY, 23, 20778, 199),
                new OrderNumber(OrderNumber.Kind.DAILY, 20_027, 99999, 9999),
                new OrderNumber(OrderNumber.Kind.INJECTED, 1, 0, 0),
                new OrderNumber(OrderNumber.Kind.INJECTED, 4711, 0, 999_998))) {
            String text = number.text(DICE);

            assertThat(text).matches("\\d{3}-\\d{7}-\\d{7}");
            assertThat(OrderNumber.parse(DICE, text)).contains(number);
        }
    }

    @Test
    void neighbours_do_not_look_alike_and_never_collide() {
        Set<String> numbers = new HashSet<>();
        for (int day = 20000; day < 20100; day++) {
            for (int index = 0; index < 100; index++) {
                numbers.add(new OrderNumber(OrderNumber.Kind.DAILY, 3, day, index).text(DICE));
            }
        }

        assertThat(numbers).hasSize(10_000);
    }

    @Test
    void what_was_never_issued_is_not_understood() {
        for (String text : List.of("", "x", "111-1111111", "099-0000000-0000000")) {
            assertThat(OrderNumber.parse(DICE, text)).isEmpty();
        }
    }
}
