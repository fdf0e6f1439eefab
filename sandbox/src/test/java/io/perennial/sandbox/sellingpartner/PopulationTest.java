package io.perennial.sandbox.sellingpartner;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.sandbox.sellingpartner.SellingPartner.Kind;
import org.junit.jupiter.api.Test;

class PopulationTest {

    @Test
    void the_same_seed_gives_the_same_people_and_another_seed_others() {
        assertThat(Population.of(1)).isEqualTo(Population.of(1));
        assertThat(Population.of(1))
                .extracting(SellingPartner::sellerId)
                .doesNotContainAnyElementsOf(
                        Population.of(2).stream().map(SellingPartner::sellerId).toList());
    }

    @Test
    void ids_and_addresses_are_unique_and_nobody_prints_a_password() {
        var people = Population.of(20260101);

        assertThat(people)
                .extracting(SellingPartner::sellerId)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("A[A-Z0-9]{13}"));
        assertThat(people).extracting(SellingPartner::email).doesNotHaveDuplicates();
        assertThat(people).noneMatch(partner -> partner.toString().contains(partner.password()));
    }

    @Test
    void two_dozen_sellers_over_three_regions_with_one_big_one() {
        var sellers = Population.of(20260101).stream()
                .filter(partner -> partner.kind() == Kind.SELLER)
                .toList();

        assertThat(sellers).hasSize(24);
        assertThat(sellers).extracting(SellingPartner::region).contains(Region.values());
        assertThat(sellers).filteredOn(seller -> seller.ordersPerDay() > 100).hasSize(1);
        assertThat(sellers).allMatch(seller -> seller.marketplaces().stream()
                .allMatch(marketplace -> marketplace.region() == seller.region()));
    }

    @Test
    void more_sellers_come_after_those_who_were_there() {
        var seeded = Population.of(20260101);
        var people = Population.of(20260101, 300);

        assertThat(people).hasSize(seeded.size() + 300).startsWith(seeded.toArray(SellingPartner[]::new));
        assertThat(people).extracting(SellingPartner::sellerId).doesNotHaveDuplicates();
        assertThat(people).extracting(SellingPartner::email).doesNotHaveDuplicates();
        assertThat(Population.of(20260101, 200)).isEqualTo(people.subList(0, seeded.size() + 200));
    }
}
