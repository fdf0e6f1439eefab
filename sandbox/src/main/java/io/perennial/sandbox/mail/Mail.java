package io.perennial.sandbox.mail;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One received mail. Public for the page templates.
 *
 * @param receivedAt on the domain clock, so that it can be compared with stages and windows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Mail(
        long id,
        @Nullable String from,
        String to,
        String subject,
        @Nullable String text,
        @Nullable String html,
        @Nullable String messageId,
        Instant receivedAt) {}
