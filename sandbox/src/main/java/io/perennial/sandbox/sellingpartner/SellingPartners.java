package io.perennial.sandbox.sellingpartner;

import io.perennial.sandbox.control.Refusal;
import io.perennial.sandbox.sellingpartner.SellingPartner.Kind;
import io.perennial.sandbox.sellingpartner.SellingPartner.User;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Finds accounts and the people who may sign in to them. */
@Singleton
public class SellingPartners {

    private final List<SellingPartner> all;
    private final long seed;

    SellingPartners(PopulationConfig config) {
        this.seed = config.seed();
        this.all = Population.of(config.seed());
    }

    public long seed() {
        return seed;
    }

    public List<SellingPartner> ofKind(Kind kind) {
        return all.stream().filter(partner -> partner.kind() == kind).toList();
    }

    public Optional<SellingPartner> find(String sellerId) {
        return all.stream()
                .filter(partner -> partner.sellerId().equals(sellerId))
                .findFirst();
    }

    public Optional<SellingPartner> atPosition(int ordinal) {
        return ordinal < 0 || ordinal >= all.size() ? Optional.empty() : Optional.of(all.get(ordinal));
    }

    /** For the control API, where an unknown id is the caller's mistake. */
    public SellingPartner get(String sellerId) {
        return find(sellerId).orElseThrow(() -> Refusal.notFound("no seller " + sellerId));
    }

    public Optional<User> signIn(String email, String password) {
        return user(email).filter(user -> user.account().password().equals(password));
    }

    public Optional<User> user(String email) {
        String asked = email.trim();
        for (SellingPartner partner : all) {
            if (partner.email().equalsIgnoreCase(asked)) {
                return Optional.of(new User(partner.email(), partner, true));
            }
            if (partner.secondaryEmail() != null && partner.secondaryEmail().equalsIgnoreCase(asked)) {
                return Optional.of(new User(partner.secondaryEmail(), partner, false));
            }
        }
        return Optional.empty();
    }
}
