package io.perennial.sandbox.ads;

import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.seed.Dice;
import io.perennial.sandbox.sellingpartner.Region;
import io.perennial.sandbox.sellingpartner.SellingPartner;
import io.perennial.sandbox.sellingpartner.SellingPartner.Kind;
import io.perennial.sandbox.sellingpartner.SellingPartners;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which profiles there are, and which login may do what with them. */
@Singleton
class Profiles {

    /** Customers of the agency, in two regions. */
    private static final Set<String> CUSTOMERS =
            Set.of("Northwind Supply", "Harbor Lane Toys", "Bergmann Werkzeuge", "Brise Marine");

    private static final long BEYOND_DOUBLES = 1L << 60;

    /** What a login may do with a profile. */
    enum Right {
        EDIT,
        VIEW
    }

    private final SellingPartners partners;
    private final Database database;

    Profiles(SellingPartners partners, Database database) {
        this.partners = partners;
        this.database = database;
    }

    List<SellingPartner> owners() {
        return Stream.of(Kind.SELLER, Kind.VENDOR)
                .flatMap(kind -> partners.ofKind(kind).stream())
                .toList();
    }

    List<SellingPartner> agencies() {
        return partners.ofKind(Kind.AGENCY);
    }

    List<Profile> of(SellingPartner owner) {
        return owner.marketplaces().stream()
                .map(marketplace -> new Profile(
                        id(new Dice(partners.seed()).child(-2).child(owner.ordinal()), marketplace.ordinal()),
                        owner,
                        marketplace))
                .toList();
    }

    private static long id(Dice dice, int marketplace) {
        return (dice.roll(marketplace) & (BEYOND_DOUBLES - 1)) | BEYOND_DOUBLES | 1;
    }

    /** What a login sees in a region: its people edit, an assistant looks, and what was withdrawn is gone. */
    List<Profile> visible(String loginId, Region region, Right right) {
        Set<Long> withdrawn = withdrawn(loginId);
        return reach(loginId, right).stream()
                .filter(profile -> profile.marketplace().region() == region)
                .filter(profile -> !withdrawn.contains(profile.id()))
                .toList();
    }

    private List<Profile> reach(String loginId, Right right) {
        List<Profile> found = new ArrayList<>();
        for (SellingPartner owner : owners()) {
            boolean edits = owner.sellerId().equals(loginId) || (isAgency(loginId) && isCustomer(owner));
            boolean looks = loginId.startsWith(owner.sellerId() + "-");
            if (edits || (looks && right == Right.VIEW)) {
                found.addAll(of(owner));
            }
        }
        return found;
    }

    private boolean isAgency(String loginId) {
        return agencies().stream().anyMatch(agency -> agency.sellerId().equals(loginId));
    }

    private static boolean isCustomer(SellingPartner owner) {
        return CUSTOMERS.contains(owner.name());
    }

    private Set<Long> withdrawn(String loginId) {
        return new HashSet<>(database.list(
                "select profile_id from withdrawn_right where login_id = ?", row -> row.number("profile_id"), loginId));
    }

    void withdraw(String loginId, long profileId) {
        database.update(
                "insert into withdrawn_right (login_id, profile_id) values (?, ?) on conflict do nothing",
                loginId,
                profileId);
    }

    void giveBack(String loginId, long profileId) {
        database.update("delete from withdrawn_right where login_id = ? and profile_id = ?", loginId, profileId);
    }
}
