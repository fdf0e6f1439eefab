package io.perennial.sandbox.sellingpartner;

import io.perennial.sandbox.control.Refusal;
import io.perennial.sandbox.database.Database;
import io.perennial.sandbox.sellingpartner.SellingPartner.Kind;
import io.perennial.sandbox.sellingpartner.SellingPartner.User;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds accounts and the people who may sign in to them. */
@Singleton
public class SellingPartners {

    /** As many as order numbers have room for. */
    private static final int MOST = 20_000;

    private final Database database;
    private final long seed;
    private volatile @Nullable Directory known;

    SellingPartners(PopulationConfig config, Database database) {
        this.database = database;
        this.seed = config.seed();
    }

    private record Directory(List<SellingPartner> all, Map<String, SellingPartner> byId, Map<String, User> byEmail) {

        static Directory of(List<SellingPartner> all) {
            Map<String, SellingPartner> byId = new HashMap<>();
            Map<String, User> byEmail = new HashMap<>();
            for (SellingPartner partner : all) {
                byId.put(partner.sellerId(), partner);
                byEmail.put(key(partner.email()), new User(partner.email(), partner, true));
                if (partner.secondaryEmail() != null) {
                    byEmail.put(key(partner.secondaryEmail()), new User(partner.secondaryEmail(), partner, false));
                }
            }
            return new Directory(all, byId, byEmail);
        }

        static String key(String email) {
            return email.trim().toLowerCase(Locale.ROOT);
        }
    }

    public long seed() {
        return seed;
    }

    public List<SellingPartner> ofKind(Kind kind) {
        return directory().all().stream()
                .filter(partner -> partner.kind() == kind)
                .toList();
    }

    public Optional<SellingPartner> find(String sellerId) {
        return Optional.ofNullable(directory().byId().get(sellerId));
    }

    public Optional<SellingPartner> atPosition(int ordinal) {
        List<SellingPartner> all = directory().all();
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
        return Optional.ofNullable(directory().byEmail().get(Directory.key(email)));
    }

    /** Adds small sellers; returns those that were added. */
    List<SellingPartner> add(int count) {
        int before = directory().all().size();
        if (count < 1 || more() + count > MOST) {
            throw Refusal.badRequest("count must be 1 to " + (MOST - more()));
        }
        database.update(
                """
                insert into more_sellers (quantity) values (?)
                on conflict (only_row) do update set quantity = more_sellers.quantity + excluded.quantity
                """,
                count);
        known = null;
        List<SellingPartner> all = directory().all();
        return all.subList(before, all.size());
    }

    private Directory directory() {
        Directory directory = known;
        if (directory == null) {
            directory = Directory.of(Population.of(seed, more()));
            known = directory;
        }
        return directory;
    }

    private int more() {
        return database.first("select quantity from more_sellers", row -> (int) row.number("quantity"))
                .orElse(0);
    }
}
