package io.perennial.sandbox.application;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One application; shown whole, secret included, at {@code /sandbox/apps}.
 *
 * @param secretEndsAt when its secret ends; null: it lasts
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Application(
        String applicationId,
        String clientId,
        String clientSecret,
        String name,
        List<String> redirectUris,
        @Nullable String loginUri,
        boolean published,
        Kind kind,
        @Nullable Instant secretEndsAt) {

    /** What an application is for; the two worlds have their own applications, consents and tokens. */
    public enum Kind {
        SP_API,
        ADS
    }

    @Override
    public String toString() {
        return "Application " + applicationId;
    }
}
