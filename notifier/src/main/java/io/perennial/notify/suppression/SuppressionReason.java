package io.perennial.notify.suppression;

/** Why a mailbox is not written to. */
public enum SuppressionReason {
    /** Its owner wants no mails. */
    UNSUBSCRIBED,
    /** Its mail server says that it does not exist. */
    BOUNCED,
    /** Its owner called a mail unwanted. */
    COMPLAINED
}
