package io.perennial.notify.operator;

/** How a mail to an operator ends. */
enum MailState {
    SENT,
    FAILED,
    AMBIGUOUS
}
