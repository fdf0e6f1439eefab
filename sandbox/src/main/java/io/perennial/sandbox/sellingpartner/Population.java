package io.perennial.sandbox.sellingpartner;

import static io.perennial.sandbox.sellingpartner.Marketplace.AU;
import static io.perennial.sandbox.sellingpartner.Marketplace.CA;
import static io.perennial.sandbox.sellingpartner.Marketplace.DE;
import static io.perennial.sandbox.sellingpartner.Marketplace.ES;
import static io.perennial.sandbox.sellingpartner.Marketplace.FR;
import static io.perennial.sandbox.sellingpartner.Marketplace.GB;
import static io.perennial.sandbox.sellingpartner.Marketplace.IN;
import static io.perennial.sandbox.sellingpartner.Marketplace.IT;
import static io.perennial.sandbox.sellingpartner.Marketplace.JP;
import static io.perennial.sandbox.sellingpartner.Marketplace.MX;
import static io.perennial.sandbox.sellingpartner.Marketplace.NL;
import static io.perennial.sandbox.sellingpartner.Marketplace.PL;
import static io.perennial.sandbox.sellingpartner.Marketplace.SE;
import static io.perennial.sandbox.sellingpartner.Marketplace.SG;
import static io.perennial.sandbox.sellingpartner.Marketplace.US;
import static io.perennial.sandbox.sellingpartner.SellingPartner.Kind.AGENCY;
import static io.perennial.sandbox.sellingpartner.SellingPartner.Kind.SELLER;
import static io.perennial.sandbox.sellingpartner.SellingPartner.Kind.VENDOR;

import io.perennial.sandbox.seed.Dice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who exists: names and marketplaces are fixed, ids and passwords follow the seed. */
final class Population {

    private static final int USUAL = 3;
    private static final int BIG = 150;
    private static final String ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final String PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

    private final Dice dice;
    private final List<SellingPartner> partners = new ArrayList<>();

    private Population(long seed) {
        this.dice = new Dice(seed);
    }

    /** As many more small sellers as somebody asked for; who was there before stays who he is. */
    static List<SellingPartner> of(long seed, int more) {
        Population people = new Population(seed);
        people.partners.addAll(of(seed));
        Marketplace[] homes = {US, DE, JP};
        for (int number = 1; number <= more; number++) {
            people.add(
                    SELLER,
                    "Corner Shop " + number,
                    "corner-shop-" + number,
                    USUAL,
                    null,
                    homes[number % homes.length]);
        }
        return List.copyOf(people.partners);
    }

    /** Several names are close to each other on purpose: people do pick the wrong account. */
    static List<SellingPartner> of(long seed) {
        Population people = new Population(seed);
        people.seller("Northwind Supply", BIG, null, US, CA, MX);
        people.seller("Alder & Finch", USUAL, "assistant@alder-finch.example", US);
        people.seller("Alder and Finch Outlet", USUAL, null, US, CA);
        people.seller("Blue Heron Books", USUAL, null, US);
        people.seller("Cedar Kitchen Co", USUAL, null, US, CA);
        people.seller("Copperleaf Tools", USUAL, null, US, MX);
        people.seller("Dockside Outfitters", USUAL, null, CA);
        people.seller("Evergreen Pet Care", USUAL, null, US);
        people.seller("Harbor Lane Toys", USUAL, null, US, CA, MX);
        people.seller("Juniper Trail", USUAL, null, US);
        people.seller("Alder & Finch Europe", USUAL, null, DE, FR, IT, ES);
        people.seller("Bergmann Werkzeuge", USUAL, null, DE);
        people.seller("Brise Marine", USUAL, null, FR);
        people.seller("Cotswold Candles", USUAL, null, GB);
        people.seller("Grachten Fietsen", USUAL, null, NL, DE);
        people.seller("Lindqvist Hem", USUAL, null, SE, DE);
        people.seller("Masala Pantry", USUAL, null, IN);
        people.seller("Olivar del Sur", USUAL, null, ES, FR, IT);
        people.seller("Wisla Zabawki", USUAL, null, PL, DE);
        people.seller("Banksia Outdoor", USUAL, null, AU);
        people.seller("Kitsune Stationery", USUAL, null, JP);
        people.seller("Kitsune Stationers", USUAL, null, JP);
        people.seller("Merlion Gadgets", USUAL, null, SG);
        people.seller("Southern Cross Surf", USUAL, null, AU);
        people.vendor("Atlas Appliances", US);
        people.vendor("Federhaus Verlag", DE, GB);
        people.vendor("Sakura Foods", JP);
        people.agency("Lighthouse Media");
        return List.copyOf(people.partners);
    }

    private void seller(String name, int ordersPerDay, @Nullable String secondary, Marketplace... marketplaces) {
        add(SELLER, name, ordersPerDay, secondary, marketplaces);
    }

    private void vendor(String name, Marketplace... marketplaces) {
        add(VENDOR, name, 0, null, marketplaces);
    }

    private void agency(String name) {
        add(AGENCY, name, 0, null, US);
    }

    private void add(
            SellingPartner.Kind kind,
            String name,
            int ordersPerDay,
            @Nullable String secondary,
            Marketplace... marketplaces) {
        String domain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
        add(kind, name, domain, ordersPerDay, secondary, marketplaces);
    }

    private void add(
            SellingPartner.Kind kind,
            String name,
            String domain,
            int ordersPerDay,
            @Nullable String secondary,
            Marketplace... marketplaces) {
        int ordinal = partners.size();
        Dice own = dice.child(ordinal);
        partners.add(new SellingPartner(
                ordinal,
                "A" + own.letters(1, 13, ID_LETTERS),
                kind,
                name,
                "owner@" + domain + ".example",
                "sandbox-" + own.letters(2, 10, PASSWORD_LETTERS),
                marketplaces[0].region(),
                List.of(marketplaces),
                ordersPerDay,
                secondary));
    }
}
