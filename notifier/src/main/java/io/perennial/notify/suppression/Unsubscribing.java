package io.perennial.notify.suppression;

import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * The address by which whoever got a mail unsubscribes: names the mail and its mailbox, signed, so that nobody can make one
 * for a mailbox of somebody else. It holds no address and never ends: a mail may be read late.
 */
@Singleton
public class Unsubscribing {
    /** RFC 2104 asks for no less than half of the hash. */
    private static final int SIGNATURE = 16;

    private static final int NAMED = 4 * Long.BYTES;

    private final Mailboxes mailboxes;
    private final URI base;

    Unsubscribing(Mailboxes mailboxes, UnsubscribeConfig config) {
        this.mailboxes = mailboxes;
        this.base = config.publicUrl();
    }

    /** The address for a mail. */
    public String url(UUID reminderId, UUID mailbox) {
        byte[] named = named(reminderId, mailbox);
        byte[] all = Arrays.copyOf(named, NAMED + SIGNATURE);
        System.arraycopy(mailboxes.signature(named), 0, all, NAMED, SIGNATURE);
        return base.resolve("/unsubscribe/"
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(all))
                .toString();
    }

    /** What the last part of such an address names; nothing for what was not made here. */
    Optional<Named> read(String capability) {
        byte[] all;
        try {
            all = Base64.getUrlDecoder().decode(capability);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (all.length != NAMED + SIGNATURE) {
            return Optional.empty();
        }
        byte[] named = Arrays.copyOf(all, NAMED);
        byte[] signature = Arrays.copyOf(mailboxes.signature(named), SIGNATURE);
        if (!MessageDigest.isEqual(signature, Arrays.copyOfRange(all, NAMED, all.length))) {
            return Optional.empty();
        }
        ByteBuffer ids = ByteBuffer.wrap(named);
        return Optional.of(new Named(new UUID(ids.getLong(), ids.getLong()), new UUID(ids.getLong(), ids.getLong())));
    }

    private static byte[] named(UUID reminderId, UUID mailbox) {
        return ByteBuffer.allocate(NAMED)
                .putLong(reminderId.getMostSignificantBits())
                .putLong(reminderId.getLeastSignificantBits())
                .putLong(mailbox.getMostSignificantBits())
                .putLong(mailbox.getLeastSignificantBits())
                .array();
    }

    record Named(UUID reminderId, UUID mailbox) {}
}
