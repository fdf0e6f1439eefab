package io.perennial.notify.suppression;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** How mailboxes are told apart without their addresses. */
@ConfigMapping(prefix = "perennial.mailboxes")
interface MailboxConfig {
    /**
     * Secret under which addresses are hashed and addresses to unsubscribe are signed: at least 32 characters, lasting.
     * Production refuses a start without it, or with another one than before: every suppression would be forgotten.
     */
    Optional<String> key();
}
