package io.perennial.auth.authorization;

import io.perennial.auth.authorization.Ruling.Account;
import io.perennial.auth.token.amazon.AdvertisingProfile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Who advertises, as far as it can be told: the provider names no login, only what the login may edit. So the accounts of
 * its profiles are its identity. Most have one; an agency has many.
 */
final class Advertiser {
    private static final int DIGITS = 8;

    private Advertiser() {}

    /** The account behind these profiles, of which there is at least one. */
    static Account of(List<AdvertisingProfile> profiles) {
        List<String> names = profiles.stream()
                .map(AdvertisingProfile::accountName)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        String name =
                names.isEmpty() ? null : names.size() == 1 ? names.get(0) : names.get(0) + " +" + (names.size() - 1);
        List<String> marketplaces = profiles.stream()
                .map(AdvertisingProfile::marketplaceId)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        return new Account(id(profiles), name, marketplaces);
    }

    private static String id(List<AdvertisingProfile> profiles) {
        TreeSet<String> accounts = new TreeSet<>();
        for (AdvertisingProfile profile : profiles) {
            accounts.add(profile.accountId() == null ? profile.id() : profile.accountId());
        }
        return accounts.size() == 1
                ? accounts.first()
                : accounts.first() + "+" + (accounts.size() - 1) + "-" + digest(accounts);
    }

    /** Whether one of the profiles, or the account of one, has this id. */
    static boolean includes(List<AdvertisingProfile> profiles, String id) {
        return profiles.stream().anyMatch(profile -> id.equals(profile.id()) || id.equals(profile.accountId()))
                || id.equals(id(profiles));
    }

    private static String digest(Collection<String> accounts) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", accounts).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }
}
